import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { SinkFault } from '../sink-fault.ts';

export interface RotatingFileOptions {
  readonly path: string;
  /** First line of each file, with its line feed; empty: there is none. */
  readonly header: string;
  /** Whether the first line of a file that is not empty may be undertone's, so that it may be continued. */
  readonly isOwn: (firstLine: string) => boolean;
  /** A file that would become larger is rotated. */
  readonly maxBytes: number;
  /** Rotates when a new day begins, in UTC. */
  readonly daily: boolean;
  /** Rotated files that are kept; older ones are deleted. */
  readonly keep: number;
}

const HEAD_BYTES = 65_536;
const LINE_FEED = 0x0a;

/**
 * A text file that is appended to. A full file is renamed to `NAME-2026-11-28.EXT`, then `NAME-2026-11-28.2.EXT`, by the
 * day of its last line, and a new one begins. Files that something else wrote are neither continued nor overwritten, and
 * only files with such names are deleted.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: FileHandle | undefined;
  #inode = 0;
  #bytes = 0;
  /** Day of the last line; undefined in a new file. */
  #day: string | undefined;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Opens the file, to notice early that it cannot be written. @throws SinkFault */
  async open(): Promise<void> {
    await this.#explained(async () => this.#open());
  }

  /**
   * Appends whole lines. After an error, the file ends with the last whole line.
   *
   * @throws SinkFault
   */
  async append(lines: string, timeMs: number): Promise<void> {
    await this.#explained(async () => {
      const day = new Date(timeMs).toISOString().slice(0, 10);
      const file = await this.#fileFor(Buffer.byteLength(lines), day);
      await this.#write(file, this.#bytes === 0 ? this.#options.header + lines : lines);
      this.#day = day;
    });
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** The open file, after it was rotated if that is due. */
  async #fileFor(bytes: number, day: string): Promise<FileHandle> {
    const { path, daily, maxBytes } = this.#options;
    // Another program may have moved or deleted it.
    const onDisk = await stat(path).catch(() => undefined);
    if (this.#file && onDisk?.ino !== this.#inode) await this.close();
    const file = this.#file ?? (await this.#open());
    const isFull = this.#bytes > 0 && this.#bytes + bytes > maxBytes;
    const isOld = daily && this.#day !== undefined && this.#day !== day;
    if (!isFull && !isOld) return file;
    await this.close();
    await this.#rotate(this.#day ?? day);
    return this.#open();
  }

  async #open(): Promise<FileHandle> {
    const { path, isOwn } = this.#options;
    const before = await stat(path).catch(ifMissing);
    if (before && !before.isFile()) throw new SinkFault(undefined, `${path} is not a file`);
    const file = await open(path, 'a+');
    try {
      const { size, ino, mtimeMs } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const head = buffer.toString('utf8', 0, bytesRead);
      if (size > 0 && !isOwn(head.split(/\r?\n/, 1)[0]!))
        throw new SinkFault(
          'other-content',
          `${path} has other content: move it away or choose another path`,
          { values: { path } },
        );
      this.#inode = ino;
      this.#bytes = size;
      this.#day = size > 0 ? new Date(mtimeMs).toISOString().slice(0, 10) : undefined;
      // The line that a crash cut off must not run into the next one.
      const last = size > 0 ? (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] : LINE_FEED;
      if (last !== LINE_FEED) await this.#write(file, '\n');
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#file = file;
    return file;
  }

  async #write(file: FileHandle, text: string): Promise<void> {
    try {
      await file.appendFile(text);
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      await file.truncate(this.#bytes).catch(() => {}); // No half line.
      throw error;
    }
  }

  async #rotate(day: string): Promise<void> {
    const { path, keep } = this.#options;
    const extension = extname(path);
    const stem = basename(path, extension);
    const nameOf = (n: number) => join(dirname(path), `${stem}-${day}${n === 1 ? '' : `.${n}`}${extension}`);
    const rotated = await rotatedFiles(path);
    const last = Math.max(0, ...rotated.filter((one) => one.day === day).map(({ n }) => n));
    await moveTo(path, nameOf, last + 1);
    for (const { name } of rotated.slice(0, Math.max(0, rotated.length + 1 - keep)))
      await rm(join(dirname(path), name), { force: true });
  }

  /** Turns an error of the file system into a fault. */
  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileFault(error, this.#options.path);
    }
  }
}

/** The fault that an error of the file system is, for the file of that path. */
function fileFault(cause: unknown, path: string): SinkFault {
  if (cause instanceof SinkFault) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const fault = (of: string, words: string, values = { path }) => new SinkFault(of, words, { cause, values });
  switch (code) {
    case 'ENOSPC':
      return fault('disk-full', `the disk of ${path} is full`);
    case 'EDQUOT':
      return fault('disk-full', `the disk quota for ${path} is used up`);
    case 'EACCES':
      return fault('not-writable', `${path} may not be written: check its permissions`);
    case 'EROFS':
      return fault('not-writable', `${path} is on a read-only file system`);
    case 'ENOENT':
      return fault('no-folder', `the folder ${dirname(path)} does not exist`, { path: dirname(path) });
    default:
      return new SinkFault(code, message, { cause });
  }
}

/** The rotated files beside a file, oldest first. */
async function rotatedFiles(path: string): Promise<{ name: string; day: string; n: number }[]> {
  const extension = extname(path);
  const stem = basename(path, extension);
  const found = (await readdir(dirname(path))).flatMap((name) => {
    if (!name.startsWith(`${stem}-`) || !name.endsWith(extension)) return [];
    const middle = name.slice(stem.length + 1, name.length - extension.length);
    const [, day, n = '1'] = /^(\d{4}-\d\d-\d\d)(?:\.(\d+))?$/.exec(middle) ?? [];
    return day === undefined ? [] : [{ name, day, n: Number(n) }];
  });
  return found.sort((a, b) => a.day.localeCompare(b.day) || a.n - b.n);
}

/** Renames a file to the first of the names that is free. */
async function moveTo(path: string, nameOf: (n: number) => string, first: number): Promise<void> {
  for (let n = first; ; n++) {
    try {
      await (await open(nameOf(n), 'wx')).close(); // Reserves the name: `rename` would overwrite a file.
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    return rename(path, nameOf(n));
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, normalize, sep } from 'node:path';
import { UserError } from '../user-error.ts';

const EXTENSIONS = new Set(
  'wav mp3 flac ogg oga opus aac m4a mp4 webm aif aiff caf wma'.split(' ').map((name) => `.${name}`),
);

/** Whether a file name has an extension of recordings. */
export const isRecordingName = (name: string): boolean => EXTENSIONS.has(extname(name).toLowerCase());

/**
 * Lists the recordings in folders and their subfolders, by file extension; sorted by path within each folder.
 * A file whose name is not UTF-8 is listed too; opening it fails with that reason (`noFile`).
 * Symbolic links are followed, under the path of the link. What several of them lead to, or a link and the folder
 * itself, is listed once; so a link to a folder above it ends there. A link to nothing is skipped.
 *
 * @throws UserError `bad-data` if a folder cannot be read or contains no recording
 */
export async function recordingsIn(folders: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const folder of folders) {
    const found = await below(Buffer.from(folder)).catch((cause: Error) => {
      throw new UserError(
        'bad-data',
        `The folder ${folder} cannot be read (${cause.message}); choose a folder with recordings.`,
        { cause },
      );
    });
    if (found.length === 0) {
      throw new UserError(
        'bad-data',
        `The folder ${folder} contains no recording (${[...EXTENSIONS].join(', ')}); choose a folder that does.`,
      );
    }
    all.push(...found.sort());
  }
  return all;
}

interface Walk {
  /** Paths of recordings. */
  readonly found: string[];
  /** Real paths of the folders and recordings so far, a character a byte. */
  readonly seen: Set<string>;
  /** Symbolic links that are still to be followed. */
  readonly links: Buffer[];
}

/** Paths are bytes until all folders are read: as text, folders whose names are not UTF-8 could not be opened. */
async function below(folder: Buffer): Promise<string[]> {
  const walk: Walk = { found: [], seen: new Set(), links: [] };
  await visit(folder, await realOf(folder), await stat(folder), walk);
  // Links come after all else, so that a recording that has a path of its own here is listed under it.
  while (walk.links.length > 0) {
    for (const link of walk.links.splice(0).sort(Buffer.compare)) {
      const target = await stat(link).catch(() => undefined); // Undefined: a link to nothing, or to itself.
      if (target !== undefined) await visit(link, await realOf(link), target, walk);
    }
  }
  return walk.found;
}

const realOf = (path: Buffer) => realpath(path, { encoding: 'buffer' });
const inside = (folder: Buffer, name: Buffer) => Buffer.concat([folder, Buffer.from(sep), name]);

async function visit(
  path: Buffer,
  real: Buffer,
  kind: { isDirectory(): boolean; isFile(): boolean },
  walk: Walk,
): Promise<void> {
  const isRecording = kind.isFile() && isRecordingName(`${path}`);
  const key = real.toString('latin1');
  if (!(isRecording || kind.isDirectory()) || walk.seen.has(key)) return;
  walk.seen.add(key);
  if (isRecording) {
    walk.found.push(normalize(`${path}`));
    return;
  }
  for (const entry of await readdir(path, { withFileTypes: true, encoding: 'buffer' })) {
    if (entry.isSymbolicLink()) walk.links.push(inside(path, entry.name));
    else await visit(inside(path, entry.name), inside(real, entry.name), entry, walk);
  }
}

import { once } from 'node:events';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { finished } from 'node:stream/promises';
import { UserError } from '../user-error.ts';

/** Where a command writes what it has, no faster than they are taken. */
export interface Output {
  write(part: string | Uint8Array): Promise<void>;
  /** Resolves when all of it is written. */
  end(): Promise<void>;
  /** Lets go of it before its end. */
  discard(): Promise<void>;
}

export interface FileOptions {
  /** What faults call it; its path otherwise. */
  readonly name?: string;
  /** As `open` has them: `w` writes over a file that is there, `wx` refuses to. */
  readonly flags?: 'w' | 'wx';
  /** The permissions of a new file, less the umask. */
  readonly mode?: number;
  /** Forces it to the disk before its end is told. */
  readonly flush?: boolean;
}

/**
 * A file, or standard output where no path is given. Its faults, a full disk above all, are UserErrors;
 * those of standard output also come as events, which cli.ts answers.
 */
export async function openOutput(
  path: string | undefined,
  { name = path, ...options }: FileOptions = {},
): Promise<Output> {
  const out = path === undefined ? process.stdout : createWriteStream(path, options);
  let fault: UserError | undefined;
  const explained = (cause: unknown) => (fault ??= cannotWrite(name, cause));
  if (path !== undefined) {
    out.on('error', explained); // Also between two writes, when nobody waits for it.
    await once(out, 'open').catch((cause) => Promise.reject(explained(cause)));
  }
  return {
    async write(part) {
      if (fault) throw fault;
      try {
        if (!out.write(part)) await once(out, 'drain');
      } catch (cause) {
        throw explained(cause);
      }
    },
    async end() {
      if (path === undefined) return;
      out.end();
      await finished(out).catch((cause) => Promise.reject(explained(cause)));
    },
    async discard() {
      if (path === undefined || out.closed) return;
      const closed = new Promise<void>((resolve) => out.once('close', () => resolve()));
      out.destroy(); // What it has not written yet is a fault to it, to us none.
      await closed;
    },
  };
}

export function cannotWrite(path: string | undefined, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  const name = path ?? 'Standard output';
  const remedy =
    code === 'ENOSPC' ? 'the disk is full, make room on it' : 'name a file in a folder that you may write to';
  return new UserError('cannot-write', `${name} cannot be written (${code}): ${remedy}.`, { cause });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface WholeFileOptions {
  /** Writes over a file that is there, at the end; what links to it goes on doing so. */
  readonly force?: boolean | undefined;
}

/**
 * A file that appears under its name when it is whole and on the disk: till then it grows beside it, and
 * nothing of it stays where it is discarded or the program is stopped. A pipe or a device is written to as
 * it is. Throws a UserError where a file is there and `force` is not said.
 */
export async function openWholeFile(path: string, { force = false }: WholeFileOptions = {}): Promise<Output> {
  const there = existsSync(path) ? statSync(path) : undefined;
  if (there && !there.isFile()) return openOutput(path);
  if (there && !force) {
    throw new UserError(
      'file-exists',
      `${path} is there already: name another file, or say --force to write over it.`,
    );
  }
  const target = there ? realpathSync(path) : path;
  const partial = `${target}.${process.pid}.partial`;
  // Where one is replaced, who could not read it must not read along either.
  const mode = there ? 0o600 : 0o666;
  const out = await openOutput(partial, { name: path, flags: 'wx', mode, flush: true });
  const remove = () => rmSync(partial, { force: true });
  const stop = (signal: NodeJS.Signals) => {
    remove();
    release();
    process.kill(process.pid, signal);
  };
  const release = () => SIGNALS.forEach((signal) => void process.off(signal, stop));
  for (const signal of SIGNALS) process.on(signal, stop);
  return {
    write: out.write,
    async end() {
      await out.end();
      try {
        if (there) chmodSync(partial, there.mode & 0o777);
        renameSync(partial, target);
      } catch (cause) {
        throw cannotWrite(path, cause);
      }
      release();
    },
    async discard() {
      await out.discard();
      remove();
      release();
    },
  };
}

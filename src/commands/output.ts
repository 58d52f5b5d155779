import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
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

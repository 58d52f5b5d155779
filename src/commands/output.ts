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

/** Where a command writes its results. */
export interface Output {
  /** Resolves when the destination can take more. */
  write(part: string | Uint8Array): Promise<void>;
  /** Resolves when everything is written. */
  end(): Promise<void>;
  /** Stops writing; the output is incomplete. */
  discard(): Promise<void>;
}

interface FileOptions {
  /** The file's name in error messages; default: `path`. */
  readonly name?: string;
  /** As in `fs.open`: `w` overwrites an existing file, `wx` fails on one. */
  readonly flags?: 'w' | 'wx';
  /** Permissions of a new file, before the umask. */
  readonly mode?: number;
  /** Syncs the file to disk before `end` resolves. */
  readonly flush?: boolean;
}

/**
 * Opens a file for writing, or standard output if no path is given. Write errors, such as a full disk, are
 * UserErrors. Standard output also emits them as `error` events, which cli.ts handles.
 */
export async function openOutput(
  path: string | undefined,
  { name = path, ...options }: FileOptions = {},
): Promise<Output> {
  const out = path === undefined ? process.stdout : createWriteStream(path, options);
  let failure: UserError | undefined;
  const toUserError = (cause: unknown) => (failure ??= cannotWrite(name, cause));
  if (path !== undefined) {
    out.on('error', toUserError); // Errors may also arrive between two writes.
    await once(out, 'open').catch((cause) => Promise.reject(toUserError(cause)));
  }
  let corked = false;
  /** What is written in one turn goes to the system in one call, which costs as much as the frame of a line. */
  const cork = () => {
    if (corked) return;
    corked = true;
    out.cork();
    process.nextTick(() => {
      corked = false;
      out.uncork();
    });
  };
  return {
    async write(part) {
      if (failure) throw failure;
      cork();
      try {
        if (!out.write(part)) await once(out, 'drain');
      } catch (cause) {
        throw toUserError(cause);
      }
    },
    async end() {
      if (path === undefined) return;
      out.end();
      await finished(out).catch((cause) => Promise.reject(toUserError(cause)));
    },
    async discard() {
      if (path === undefined || out.closed) return;
      const closed = new Promise<void>((resolve) => out.once('close', () => resolve()));
      out.destroy(); // The stream reports unwritten data as an error; it is discarded on purpose.
      await closed;
    },
  };
}

export interface AtomicFileOptions {
  /** Replaces an existing file once the new one is complete; follows symbolic links. */
  readonly force?: boolean | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Opens a file that appears under its name only when it is complete and synced to disk. Until then it is written
 * to a `.partial` file beside it, which is removed on `discard`, when writing fails and when the process is stopped. Pipes and devices
 * are written to directly. Throws a UserError if the file exists and `force` is not set.
 */
export async function openAtomicFile(
  path: string,
  { force = false }: AtomicFileOptions = {},
): Promise<Output> {
  const existing = existsSync(path) ? statSync(path) : undefined;
  if (existing && !existing.isFile()) return openOutput(path);
  if (existing && !force) {
    throw new UserError('file-exists', `${path} exists: name another file, or add --force to overwrite it.`);
  }
  const target = existing ? realpathSync(path) : path;
  const partial = `${target}.${process.pid}.partial`;
  // While it is written, nobody may read it who could not read the file it replaces.
  const mode = existing ? 0o600 : 0o666;
  const out = await openOutput(partial, { name: path, flags: 'wx', mode, flush: true });
  const remove = () => rmSync(partial, { force: true });
  const stop = (signal: NodeJS.Signals) => {
    remove();
    release();
    process.kill(process.pid, signal);
  };
  const release = () => SIGNALS.forEach((signal) => void process.off(signal, stop));
  for (const signal of SIGNALS) process.on(signal, stop);
  const discard = async () => {
    await out.discard();
    remove();
    release();
  };
  /** The file cannot become complete: nothing of it stays. */
  const orDiscard = async (step: () => Promise<void>) => {
    try {
      await step();
    } catch (cause) {
      await discard();
      throw cause instanceof UserError ? cause : cannotWrite(path, cause);
    }
  };
  return {
    write: (part) => orDiscard(() => out.write(part)),
    end: () =>
      orDiscard(async () => {
        await out.end();
        if (existing) chmodSync(partial, existing.mode & 0o777);
        renameSync(partial, target);
        release();
      }),
    discard,
  };
}

/** A write error as one sentence. `path` is undefined for standard output. */
export function cannotWrite(path: string | undefined, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  const name = path ?? 'Standard output';
  const remedy =
    code === 'ENOSPC' ? 'the disk is full, free some space' : 'name a file in a folder that you may write to';
  return new UserError('cannot-write', `${name} cannot be written (${code}): ${remedy}.`, { cause });
}

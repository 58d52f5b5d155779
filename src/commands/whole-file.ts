import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { UserError } from '../user-error.ts';
import { cannotWrite, type Output, openOutput } from './output.ts';

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

import { type ChildProcess, fork } from 'node:child_process';

/**
 * Runs the bundle of a bench a second time as another process, so that a load generator and a server do not share an
 * event loop. In it, `role()` is the name of the part.
 *
 * @param bundle `import.meta.url` of the bench
 */
export function startPart(bundle: string, name: string, args: readonly string[] = []): Part {
  const child = fork(new URL(bundle), [...args], {
    env: { ...process.env, [PART]: name },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Part(child);
}

const PART = 'UNDERTONE_BENCH_PART';

/** The part of the bench that this process is; undefined for the first. */
export const role = (): string | undefined => process.env[PART];

/** Sends a message to the process that started this one. */
export const report = (message: object): void => void process.send?.(message);

/** A part of a bench in another process. */
export class Part {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The next message of the part. */
  next<Message>(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`A part of the bench ended with ${code}.`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (message) => {
        this.#child.off('exit', onExit);
        resolve(message as Message);
      });
    });
  }

  send(message: object): void {
    this.#child.send(message);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

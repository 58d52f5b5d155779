import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Source, StopReason, StreamInfo } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import type { Hub } from './hub.ts';
import type { AddOptions } from './hub-options.ts';
import type { StreamEntry } from './schema.ts';

/** The source of a stream and, if it has a model of its own, its tracker. */
export interface OpenedStream extends AddOptions {
  readonly source: Source;
}

/** The retry delays are those before a failed stream is restarted. */
export interface StreamSupervisorOptions extends Partial<RetryOptions> {
  readonly hub: Hub;
  /** Creates the source and loads the model. Throws a UserError if either is invalid. */
  readonly open: (entry: StreamEntry) => Promise<OpenedStream>;
  readonly logger: Logger;
}

interface Supervised {
  readonly entry: StreamEntry;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Time for a source to end. */
const STOP_MS = 2_000;

const DEFAULTS = { retryMs: 1_000, maxRetryMs: 60_000 };

/**
 * Keeps streams running: restarts a stream that failed, after growing delays, but not one whose source ended.
 * Sources recover from most errors within the same run; this handles the errors that they cannot recover from.
 */
export class StreamSupervisor {
  readonly #options: Required<StreamSupervisorOptions>;
  readonly #supervised = new Map<string, Supervised>();
  #closed = false;

  constructor(options: StreamSupervisorOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  has(name: string): boolean {
    return this.#supervised.has(name);
  }

  /** Starts a stream. Errors of its source or model are logged, and it is retried. */
  start(entry: StreamEntry): void {
    const stop = new AbortController();
    const done = this.#run(entry, stop.signal);
    this.#supervised.set(entry.name, { entry, stop, done });
  }

  /** Like `start`, but throws if the stream cannot be started at once. */
  async add(entry: StreamEntry): Promise<StreamInfo> {
    this.#checkFree(entry.name);
    return this.#begin(entry, await this.#options.open(entry));
  }

  /** Stops a stream and takes it off the hub's list. `renamedTo`: the name under which its source goes on. */
  async remove(name: string, renamedTo?: string): Promise<void> {
    const stopped = this.#stop(name, renamedTo === undefined ? 'removed' : 'renamed');
    void this.#options.hub.remove(name, renamedTo);
    await stopped;
  }

  /**
   * Goes on with the source of `from` under another name, in a new run.
   *
   * @param beforeStop called when nothing but the stop can fail any more; it may throw
   * @throws UserError `stream-busy`, and those of `open`
   */
  async rename(from: string, entry: StreamEntry, beforeStop: () => void): Promise<StreamInfo> {
    this.#checkFree(entry.name);
    const opened = await this.#options.open(entry);
    beforeStop();
    await this.remove(from, entry.name);
    return this.#begin(entry, opened);
  }

  /**
   * Replaces the streams `before` by `wanted`. A stream with the same source and model continues; one that differs
   * is restarted; one that is no longer wanted is stopped.
   */
  async replace(before: readonly StreamEntry[], wanted: readonly StreamEntry[]): Promise<void> {
    const changed = wanted.filter((entry) => {
      const supervised = this.#supervised.get(entry.name);
      return supervised === undefined || !hasSameAudio(supervised.entry, entry);
    });
    const gone = before.filter(
      ({ name }) =>
        !wanted.some((entry) => entry.name === name) || changed.some((entry) => entry.name === name),
    );
    const newNames = changed.filter(({ name }) => !before.some((entry) => entry.name === name));
    await Promise.all(
      gone.map((entry) =>
        wanted.some(({ name }) => name === entry.name)
          ? this.#stop(entry.name, 'changed')
          : this.remove(entry.name, renamed(entry, gone, newNames)),
      ),
    );
    for (const entry of wanted) {
      const supervised = this.#supervised.get(entry.name);
      if (!supervised) this.start(entry);
      else this.#supervised.set(entry.name, { ...supervised, entry });
    }
  }

  close(): void {
    this.#closed = true;
    for (const { stop } of this.#supervised.values()) stop.abort(SHUTDOWN);
  }

  #checkFree(name: string): void {
    if (!this.#supervised.has(name) && !this.#options.hub.isRunning(name)) return;
    throw new UserError(
      'stream-busy',
      `There is a stream "${name}" already: delete it first, or choose another name.`,
    );
  }

  /** Starts a stream whose source is open already, and keeps it running. */
  #begin(entry: StreamEntry, opened: OpenedStream): StreamInfo {
    const { hub } = this.#options;
    const stop = new AbortController();
    const running = hub.add(entry.name, opened.source, opened);
    const done = this.#run(entry, stop.signal, running.ended);
    onAbort(stop.signal, running.stop);
    this.#supervised.set(entry.name, { entry, stop, done });
    return hub.get(entry.name)!;
  }

  /** Ends the source and its restarts. */
  async #stop(name: string, because: StopReason): Promise<void> {
    const supervised = this.#supervised.get(name);
    this.#supervised.delete(name);
    supervised?.stop.abort(because);
    // A source that does not end must not block the caller; its name stays in use until it ends.
    if (supervised) await Promise.race([supervised.done, sleep(STOP_MS, undefined, { ref: false })]);
  }

  /** Runs a stream until it is stopped or its source ends. `running`: the end of a run that has started already. */
  async #run(entry: StreamEntry, signal: AbortSignal, running?: Promise<void>): Promise<void> {
    const { hub, open, logger, maxRetryMs } = this.#options;
    const backoff = createBackoff(this.#options);
    let ended = running;
    for (;;) {
      const startedMs = performance.now();
      try {
        if (!ended) {
          const opened = await open(entry);
          if (signal.aborted) return;
          const started = hub.add(entry.name, opened.source, opened);
          onAbort(signal, started.stop);
          ended = started.ended;
        }
        await ended;
        if (signal.aborted || this.#closed || !hub.failed(entry.name)) return;
      } catch (err) {
        if (signal.aborted || this.#closed) return;
        if (err instanceof UserError) logger.error({ stream: entry.name, code: err.code }, err.message);
        else logger.error({ stream: entry.name, err }, 'The stream cannot be started.');
      }
      ended = undefined;
      if (performance.now() - startedMs > maxRetryMs) backoff.reset();
      await wait(backoff.nextMs(), signal);
      if (signal.aborted || this.#closed) return;
    }
  }
}

const SHUTDOWN: StopReason = 'shutdown';

/** `signal` aborts with the reason why the stream stops. */
const onAbort = (signal: AbortSignal, stop: (because: StopReason) => void): void =>
  signal.addEventListener('abort', () => stop(signal.reason), { once: true });

/** The new name of a stream that is gone: that of the only new one with its source and model, if it is the only one gone. */
function renamed(
  entry: StreamEntry,
  gone: readonly StreamEntry[],
  added: readonly StreamEntry[],
): string | undefined {
  const [same, ...others] = added.filter((one) => hasSameAudio(one, entry));
  if (others.length > 0 || gone.filter((one) => hasSameAudio(one, entry)).length > 1) return undefined;
  return same?.name;
}

const hasSameAudio = (a: StreamEntry, b: StreamEntry): boolean =>
  a.source === b.source && a.model === b.model;

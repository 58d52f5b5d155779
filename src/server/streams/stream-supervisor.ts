import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Source, StreamInfo } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import type { AddOptions, Hub } from './hub.ts';
import type { StreamEntry } from './stream-entry.ts';

/** What a stream is kept going with: its source and, where it has a model of its own, that. */
export interface OpenedStream extends AddOptions {
  readonly source: Source;
}

/** The retry delays are those before a stream that failed is started again. */
export interface StreamSupervisorOptions extends Partial<RetryOptions> {
  readonly hub: Hub;
  /** Makes the source; loads the model. Throws a UserError for what cannot be. */
  readonly open: (entry: StreamEntry) => Promise<OpenedStream>;
  readonly logger: Logger;
}

interface Kept {
  readonly entry: StreamEntry;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** A source has this long to end. */
const LET_GO_MS = 2_000;

const DEFAULTS = { retryMs: 1_000, maxRetryMs: 60_000 };

/**
 * Keeps streams going: one that stops for a fault is started again, with growing pauses; one whose source came
 * to its end stays at its end. Sources mend most of their faults themselves and go on in the same run: what
 * comes here is what they cannot mend.
 */
export class StreamSupervisor {
  readonly #options: Required<StreamSupervisorOptions>;
  readonly #kept = new Map<string, Kept>();
  #closed = false;

  constructor(options: StreamSupervisorOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  get entries(): StreamEntry[] {
    return [...this.#kept.values()].map(({ entry }) => entry);
  }

  has(name: string): boolean {
    return this.#kept.has(name);
  }

  /** Begins at once; what is wrong with the source is told as events of the stream. */
  start(entry: StreamEntry): void {
    const stop = new AbortController();
    const done = this.#keep(entry, stop.signal);
    this.#kept.set(entry.name, { entry, stop, done });
  }

  /** Like `start`, but what can be known at once to be wrong is thrown. */
  async add(entry: StreamEntry): Promise<StreamInfo> {
    const { hub, open } = this.#options;
    if (this.#kept.has(entry.name) || hub.isRunning(entry.name)) {
      throw new UserError(
        'stream-busy',
        `There is a stream "${entry.name}" already: delete it first, or choose another name.`,
      );
    }
    const stop = new AbortController();
    const opened = await open(entry);
    const running = hub.add(entry.name, opened.source, opened);
    const done = this.#keep(entry, stop.signal, running.ended);
    stop.signal.addEventListener('abort', running.stop, { once: true });
    this.#kept.set(entry.name, { entry, stop, done });
    return hub.get(entry.name)!;
  }

  async remove(name: string): Promise<void> {
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    kept?.stop.abort();
    // A source that does not let go must not hold up who asked; its name is free once it does.
    if (kept) await Promise.race([kept.done, sleep(LET_GO_MS, undefined, { ref: false })]);
  }

  /**
   * Puts `wanted` in the place of `before`. A stream that hears the same through the same model goes on as
   * it is; one that is different is stopped and started; one that is wanted no more is stopped.
   */
  async replace(before: readonly StreamEntry[], wanted: readonly StreamEntry[]): Promise<void> {
    const changed = wanted.filter((entry) => {
      const kept = this.#kept.get(entry.name);
      return kept === undefined || !soundsSame(kept.entry, entry);
    });
    const gone = before.filter(
      ({ name }) =>
        !wanted.some((entry) => entry.name === name) || changed.some((entry) => entry.name === name),
    );
    await Promise.all(gone.map(({ name }) => this.remove(name)));
    for (const entry of wanted) {
      const kept = this.#kept.get(entry.name);
      if (!kept) this.start(entry);
      else this.#kept.set(entry.name, { ...kept, entry });
    }
  }

  close(): void {
    this.#closed = true;
    for (const { stop } of this.#kept.values()) stop.abort();
  }

  async #keep(entry: StreamEntry, signal: AbortSignal, running?: Promise<void>): Promise<void> {
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
          signal.addEventListener('abort', started.stop, { once: true });
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

const soundsSame = (a: StreamEntry, b: StreamEntry): boolean => a.source === b.source && a.model === b.model;

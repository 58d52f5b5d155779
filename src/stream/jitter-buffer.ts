import type { SourceItem } from '../types.ts';
import type { Clock } from '../util/retry.ts';
import { chunkSeconds } from './chunks.ts';

export interface JitterOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** No more is read while so much audio is buffered. */
  readonly maxSeconds?: number;
  /** More than this is released a little faster. */
  readonly highSeconds?: number;
}

const DEFAULTS = { maxSeconds: 12, highSeconds: 8 };
/** How much faster: enough for any drift between two clocks, too little to notice. */
const CATCH_UP = 1.05;

/**
 * Releases the audio of a live source at its own pace, however unevenly it arrives: each chunk when it has arrived, but
 * not before a player would have played it after the chunk before. What arrives at once (the burst with which a server
 * fills the buffers of its listeners) is buffered, and bridges later pauses. A server whose clock is slower empties the
 * buffer, and then sets the pace; a faster one fills it up to `highSeconds`. Notices keep their place between the chunks.
 *
 * `arrivedAtMs` becomes the time of the release as it was due, so that a consumer that pulls too late shows as latency.
 * When the buffer is full, the source is not read: nothing is dropped here.
 */
export async function* steady(
  items: AsyncIterable<SourceItem>,
  options: JitterOptions,
): AsyncGenerator<SourceItem, void, undefined> {
  const { signal, clock, maxSeconds, highSeconds } = { ...DEFAULTS, ...options };
  const buffer = new Buffered();
  const reading = read(items, buffer, maxSeconds, clock);
  // Its error is thrown below, after what arrived before it.
  reading.catch(() => {});
  signal.addEventListener('abort', buffer.close, { once: true });
  let dueMs = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      const next = await buffer.take();
      if (signal.aborted) return;
      if (!next) break;
      const { item, atMs } = next;
      if (item.type !== 'audio') {
        yield item;
        continue;
      }
      const speed = buffer.seconds > highSeconds ? CATCH_UP : 1;
      dueMs = Math.max(atMs, dueMs + (1000 * chunkSeconds(item)) / speed);
      const waitMs = dueMs - clock.nowMs();
      if (waitMs > 0) await clock.wait(waitMs, signal);
      if (signal.aborted) return;
      yield { ...item, arrivedAtMs: dueMs };
    }
    await reading;
  } finally {
    signal.removeEventListener('abort', buffer.close);
    buffer.close();
  }
}

async function read(
  items: AsyncIterable<SourceItem>,
  buffer: Buffered,
  maxSeconds: number,
  clock: Clock,
): Promise<void> {
  try {
    for await (const item of items) {
      if (buffer.closed) return;
      buffer.push(item, clock.nowMs());
      while (buffer.seconds >= maxSeconds && !buffer.closed) await buffer.taken();
    }
  } finally {
    buffer.end();
  }
}

interface Arrived {
  readonly item: SourceItem;
  /** When it arrived. */
  readonly atMs: number;
}

/** A queue with one reader and one writer, which may wait for each other. */
class Buffered {
  readonly #items: Arrived[] = [];
  #seconds = 0;
  #ended = false;
  #closed = false;
  #wakeReader = () => {};
  #wakeWriter = () => {};

  /** Seconds of audio in it. */
  get seconds(): number {
    return this.#seconds;
  }

  /** No one will take anything any more. */
  get closed(): boolean {
    return this.#closed;
  }

  push(item: SourceItem, atMs: number): void {
    this.#items.push({ item, atMs });
    if (item.type === 'audio') this.#seconds += chunkSeconds(item);
    this.#wakeReader();
  }

  /** Nothing more is pushed. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  readonly close = (): void => {
    this.#closed = true;
    this.#items.length = 0;
    this.#wakeReader();
    this.#wakeWriter();
  };

  /** The next item, when there is one; undefined after the last. */
  async take(): Promise<Arrived | undefined> {
    while (this.#items.length === 0 && !this.#ended && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
    const next = this.#items.shift();
    if (next?.item.type === 'audio') {
      this.#seconds = this.#items.length === 0 ? 0 : this.#seconds - chunkSeconds(next.item);
      this.#wakeWriter();
    }
    return next;
  }

  /** Resolves when something is taken. */
  taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
    });
  }
}

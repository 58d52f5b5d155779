import type { AudioChunk, SourceItem, SourceNotice } from '../types.ts';
import type { UserError } from '../user-error.ts';
import { chunkSeconds } from './chunks.ts';

export interface ChunkQueueOptions {
  /** A chunk that would make the queue longer than this is dropped, unless the queue is empty. */
  readonly maxQueuedSeconds?: number;
  /** An abort ends the iteration at once. */
  readonly signal?: AbortSignal;
}

const DEFAULT_MAX_QUEUED_SECONDS = 5;
/** The count is limited too, because each tiny chunk or notice costs more than its samples. */
const MAX_QUEUED_ITEMS = 20_000;

/**
 * The bounded queue between a live source, which cannot wait, and its one consumer, which pulls.
 *
 * When it is full, it drops the arriving chunk, not the oldest: the queued audio stays whole and in order. The next
 * chunk that is accepted carries the loss as `lostSamples`, at exactly the time where the samples are missing, so
 * audio time stays correct.
 */
export class ChunkQueue<Samples extends Float32Array | Int16Array = Float32Array>
  implements AsyncIterable<SourceItem<Samples>>
{
  readonly #maxSeconds: number;
  readonly #signal: AbortSignal | undefined;
  #items: SourceItem<Samples>[] = [];
  #head = 0;
  #queuedSeconds = 0;
  #droppedSamples = 0;
  /** Dropped since the last accepted chunk; `format` is an empty chunk with their sample rate. */
  #pendingLoss: { samples: number; format: AudioChunk<Samples> } | undefined;
  #closed = false;
  #error: UserError | undefined;
  #wake: (() => void) | undefined;
  readonly #drainListeners = new Set<() => void>();

  constructor(options: ChunkQueueOptions = {}) {
    this.#maxSeconds = options.maxQueuedSeconds ?? DEFAULT_MAX_QUEUED_SECONDS;
    this.#signal = options.signal;
    if (this.#signal?.aborted) this.#discard();
    this.#signal?.addEventListener('abort', this.#discard, { once: true });
  }

  get queuedSeconds(): number {
    return this.#queuedSeconds;
  }

  /** Samples per channel dropped so far. */
  get droppedSamples(): number {
    return this.#droppedSamples;
  }

  /** False if the chunk was dropped: the queue is full or closed. */
  push(chunk: AudioChunk<Samples>): boolean {
    if (this.#closed) return false;
    const seconds = chunkSeconds(chunk);
    const queued = this.#items.length - this.#head;
    const full = queued >= MAX_QUEUED_ITEMS || this.#queuedSeconds + seconds > this.#maxSeconds;
    if (queued > 0 && full) {
      this.#drop(chunk);
      return false;
    }
    this.#append(this.#withLoss(chunk));
    return true;
  }

  notice(notice: SourceNotice): void {
    if (!this.#closed && this.#items.length - this.#head < MAX_QUEUED_ITEMS) this.#append(notice);
  }

  /** Accepts no more items; the queued ones are still delivered. */
  end(): void {
    if (this.#closed) return;
    // A loss after the last chunk still counts as time.
    const loss = this.#pendingLoss;
    if (loss) this.#append(this.#withLoss(loss.format));
    this.#close();
  }

  /** Like `end`; then the iteration throws `error`. */
  fail(error: UserError): void {
    if (this.#closed) return;
    this.#error = error;
    this.end();
  }

  /** Calls `listener` whenever the queue falls to half its limit. Returns a function that removes it. */
  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SourceItem<Samples>, void, undefined> {
    try {
      for (;;) {
        const item = this.#take();
        if (item) {
          yield item;
        } else if (this.#closed) {
          if (this.#error) throw this.#error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#discard();
    }
  }

  #take(): SourceItem<Samples> | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#head++;
    // Removing the taken items only now and then keeps `#take` cheap at any length.
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    if (item.type === 'audio') {
      const before = this.#queuedSeconds;
      // Sums of fractions leave a residue, but an empty queue has exactly 0 seconds.
      this.#queuedSeconds = this.#head === this.#items.length ? 0 : Math.max(0, before - chunkSeconds(item));
      const half = this.#maxSeconds / 2;
      if (before > half && this.#queuedSeconds <= half)
        for (const listener of this.#drainListeners) listener();
    }
    return item;
  }

  #append(item: SourceItem<Samples>): void {
    this.#items.push(item);
    if (item.type === 'audio') this.#queuedSeconds += chunkSeconds(item);
    this.#wakeConsumer();
  }

  #drop(chunk: AudioChunk<Samples>): void {
    const frames = chunk.samples.length / chunk.channels;
    this.#droppedSamples += frames;
    this.#pendingLoss = {
      samples: this.#lossAt(chunk.sampleRateHz) + frames + (chunk.lostSamples ?? 0),
      format: { ...chunk, samples: chunk.samples.subarray(0, 0) as Samples, lostSamples: 0 },
    };
  }

  /** The chunk with the pending loss added to its own. */
  #withLoss(chunk: AudioChunk<Samples>): AudioChunk<Samples> {
    const lost = Math.round(this.#lossAt(chunk.sampleRateHz)) + (chunk.lostSamples ?? 0);
    this.#pendingLoss = undefined;
    return lost > 0 ? { ...chunk, lostSamples: lost } : chunk;
  }

  /** The pending loss in samples at another rate: the same duration. */
  #lossAt(rateHz: number): number {
    const loss = this.#pendingLoss;
    return loss ? (loss.samples * rateHz) / loss.format.sampleRateHz : 0;
  }

  #close(): void {
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.#discard);
    this.#wakeConsumer();
  }

  readonly #discard = (): void => {
    this.#items = [];
    this.#head = 0;
    this.#queuedSeconds = 0;
    this.#error = undefined;
    this.#close();
  };

  #wakeConsumer(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

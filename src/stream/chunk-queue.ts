import type { AudioChunk, SourceItem, SourceNotice } from '../types.ts';
import type { UserError } from '../user-error.ts';

export interface ChunkQueueOptions {
  /** A chunk that would make the queue longer than this is dropped, unless the queue is empty. */
  readonly maxQueuedSeconds?: number;
  /** Its abort ends the iteration at once. */
  readonly signal?: AbortSignal;
}

const DEFAULT_MAX_QUEUED_SECONDS = 5;
/** Tiny chunks and notices are bounded by count as well, for each costs more than its samples. */
const MAX_QUEUED_ITEMS = 20_000;

/**
 * The bounded queue between a live source, which cannot wait, and its one consumer, which pulls.
 *
 * When it is full the arriving chunk is dropped, not the oldest: what is queued stays whole and in
 * order, and the loss is told as `lostSamples` of the next chunk that gets in, which is exactly the
 * place in time where the samples are missing. So audio time stays right whatever is dropped.
 */
export class ChunkQueue implements AsyncIterable<SourceItem> {
  readonly #maxSeconds: number;
  readonly #signal: AbortSignal | undefined;
  #items: SourceItem[] = [];
  #head = 0;
  #queuedSeconds = 0;
  #droppedSamples = 0;
  /** Dropped since the last accepted chunk and not yet told; `format` is an empty chunk with their rate. */
  #pendingLoss: { samples: number; format: AudioChunk } | undefined;
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

  /** False where the chunk was dropped: the queue is full, or closed. */
  push(chunk: AudioChunk): boolean {
    if (this.#closed) return false;
    const seconds = secondsOf(chunk);
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

  /** No more comes; what is queued is still delivered. */
  end(): void {
    if (this.#closed) return;
    // A loss with no chunk after it still counts as time.
    const loss = this.#pendingLoss;
    if (loss) this.#append(this.#withLoss(loss.format));
    this.#close();
  }

  /** Like `end`, and then the iteration throws `error`. */
  fail(error: UserError): void {
    if (this.#closed) return;
    this.#error = error;
    this.end();
  }

  /** Calls back whenever the queue has fallen to half its limit from above it. Returns the way to stop. */
  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SourceItem, void, undefined> {
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

  #take(): SourceItem | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#head++;
    // Moving the rest down once in a while keeps taking cheap for any length.
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    if (item.type === 'audio') {
      const before = this.#queuedSeconds;
      // Sums of fractions leave a residue; an empty queue is exactly empty.
      this.#queuedSeconds = this.#head === this.#items.length ? 0 : Math.max(0, before - secondsOf(item));
      const half = this.#maxSeconds / 2;
      if (before > half && this.#queuedSeconds <= half)
        for (const listener of this.#drainListeners) listener();
    }
    return item;
  }

  #append(item: SourceItem): void {
    this.#items.push(item);
    if (item.type === 'audio') this.#queuedSeconds += secondsOf(item);
    this.#wakeConsumer();
  }

  #drop(chunk: AudioChunk): void {
    const frames = chunk.samples.length / chunk.channels;
    this.#droppedSamples += frames;
    this.#pendingLoss = {
      samples: this.#lossAt(chunk.sampleRateHz) + frames + (chunk.lostSamples ?? 0),
      format: { ...chunk, samples: new Float32Array(0), lostSamples: 0 },
    };
  }

  /** The chunk with the pending loss added to its own. */
  #withLoss(chunk: AudioChunk): AudioChunk {
    const lost = Math.round(this.#lossAt(chunk.sampleRateHz)) + (chunk.lostSamples ?? 0);
    this.#pendingLoss = undefined;
    return lost > 0 ? { ...chunk, lostSamples: lost } : chunk;
  }

  /** The pending loss in samples of another rate: the same time. */
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

function secondsOf(chunk: AudioChunk): number {
  return chunk.samples.length / chunk.channels / chunk.sampleRateHz;
}

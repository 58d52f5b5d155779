import { chunkSeconds } from '../../stream/chunks.ts';
import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { toSharedMs } from '../../util/shared-clock.ts';
import type { ForwardedItem } from './forwarded-item.ts';
import { type ShardError, shardErrorOf } from './protocol.ts';

/** Audio that a shard holds of a stream; what is more waits in the source, whose queue is bounded. */
const MAX_IN_FLIGHT_SECONDS = 1;

export interface ForwardTarget {
  items(items: readonly ForwardedItem[], transfer: readonly ArrayBuffer[]): void;
  end(error: ShardError | undefined): void;
}

/** In the main thread: reads a source that a shard cannot open itself, such as a socket, and sends its items there. */
export class Forward {
  readonly #target: ForwardTarget;
  readonly #abort = new AbortController();
  /** Seconds of each item that the shard has not finished, oldest first. */
  #inFlight: number[] = [];
  #seconds = 0;
  #wake = () => {};

  constructor(source: Source, target: ForwardTarget, onInternalError: (error: unknown) => void) {
    this.#target = target;
    void this.#run(source, onInternalError);
  }

  /** The shard has finished so many items. */
  taken(items: number): void {
    for (const seconds of this.#inFlight.splice(0, items)) this.#seconds -= seconds;
    if (this.#inFlight.length === 0) this.#seconds = 0;
    this.#wake();
  }

  /** So many items are left to analyze; the others are finished. */
  left(items: number): void {
    this.taken(this.#inFlight.length - items);
  }

  /** The shard is gone, with all that it held. */
  lost(): void {
    this.taken(this.#inFlight.length);
  }

  stop(): void {
    this.#abort.abort();
    this.#wake();
  }

  async #run(source: Source, onInternalError: (error: unknown) => void): Promise<void> {
    const { signal } = this.#abort;
    try {
      for await (const item of source.openInt16?.(signal) ?? source.open(signal)) {
        const seconds = item.type === 'audio' ? chunkSeconds(item) : 0;
        this.#inFlight.push(seconds);
        this.#seconds += seconds;
        this.#send(item, source.ownSamples === true);
        while (this.#seconds > MAX_IN_FLIGHT_SECONDS && !signal.aborted)
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
      this.#target.end(undefined);
    } catch (error) {
      if (!(error instanceof UserError)) onInternalError(error);
      this.#target.end(shardErrorOf(error));
    }
  }

  #send(item: ForwardedItem, own: boolean): void {
    if (item.type !== 'audio') this.#target.items([item], []);
    else {
      // Handed over, not copied. Chunks of another source may be views of the same memory.
      const samples = own ? item.samples : item.samples.slice();
      const sent = { ...item, samples, arrivedAtMs: toSharedMs(item.arrivedAtMs) };
      this.#target.items([sent], [samples.buffer as ArrayBuffer]);
    }
  }
}

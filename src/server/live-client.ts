import type { LiveMessage } from '../types.ts';
import type { Limits } from './limits.ts';
import type { LiveNote, LiveOutlet } from './live-outlet.ts';

/**
 * One watcher. What it does not read in time is skipped and counted, and it is told how much; one that
 * stays behind is cut. So nobody waits for it, and what it holds of our memory is bounded.
 */
export class LiveClient {
  readonly #outlet: LiveOutlet;
  readonly #limits: Limits;
  #skipped = 0;
  #skippedEver = 0;
  #behindSinceMs: number | undefined;

  constructor(outlet: LiveOutlet, limits: Limits) {
    this.#outlet = outlet;
    this.#limits = limits;
  }

  get isOpen(): boolean {
    return this.#outlet.isOpen;
  }

  /** Messages that it did not get, since it came. */
  get skipped(): number {
    return this.#skippedEver;
  }

  get queuedBytes(): number {
    return this.#outlet.bufferedBytes;
  }

  /** True while no more should be sent; what is sent all the same is skipped. */
  get isBehind(): boolean {
    return this.#skipped > 0 || this.#outlet.bufferedBytes > this.#limits.clientBufferBytes;
  }

  /** For what must not be skipped, from a sender that waits by itself while the client `isBehind`. */
  deliver(message: LiveMessage, note: LiveNote = message): void {
    if (this.isOpen) this.#outlet.send(Buffer.from(JSON.stringify(message)), note);
  }

  /** Bytes of one text message, serialised once for all clients. */
  send(bytes: Buffer, note: LiveNote): void {
    if (!this.isOpen) return;
    if (this.isBehind) {
      this.#behindSinceMs ??= performance.now();
      this.#skipped++;
      this.#skippedEver++;
    } else this.#outlet.send(bytes, note);
  }

  tell(message: LiveMessage): void {
    this.send(Buffer.from(JSON.stringify(message)), message);
  }

  /** Called a few times a second: lets a client that caught up go on, cuts one that does not. */
  sweep(): void {
    if (!this.isOpen) return;
    const { bufferedBytes } = this.#outlet;
    if (bufferedBytes > this.#limits.clientBufferBytes) {
      this.#behindSinceMs ??= performance.now(); // A replay waits instead of skipping, but not for ever.
    }
    if (this.#behindSinceMs === undefined) return;
    if (bufferedBytes <= this.#limits.clientBufferBytes / 4) {
      const count = this.#skipped;
      this.#skipped = 0;
      this.#behindSinceMs = undefined;
      if (count > 0)
        this.tell({
          type: 'skipped',
          count,
          message: `${count} messages were skipped because this client read too slowly.`,
        });
    } else if (performance.now() - this.#behindSinceMs > this.#limits.slowClientMs) {
      this.#outlet.cut('This client reads too slowly.');
    }
  }
}

import type { LiveMessage } from '../../types.ts';
import type { Limits } from '../limits.ts';
import type { LiveNote, LiveTransport } from './transport.ts';

/**
 * One client of `/v1/live`. What it does not read in time is skipped, counted and reported to it as `skipped`; a
 * client that stays behind is disconnected. So nothing waits for a client, and its buffer is bounded.
 */
export class LiveClient {
  readonly #transport: LiveTransport;
  readonly #limits: Limits;
  #skipped = 0;
  #skippedEver = 0;
  #behindSinceMs: number | undefined;

  constructor(transport: LiveTransport, limits: Limits) {
    this.#transport = transport;
    this.#limits = limits;
  }

  get isOpen(): boolean {
    return this.#transport.isOpen;
  }

  /** Messages that it did not get, since it connected. */
  get skipped(): number {
    return this.#skippedEver;
  }

  get queuedBytes(): number {
    return this.#transport.bufferedBytes;
  }

  /** True while no more should be sent: whatever is sent then is skipped. */
  get isBehind(): boolean {
    return this.#skipped > 0 || this.#transport.bufferedBytes > this.#limits.clientBufferBytes;
  }

  /** Sends what must not be skipped, for a caller that waits while the client `isBehind`. */
  deliver(message: LiveMessage, note: LiveNote = message): void {
    if (this.isOpen) this.#transport.send(Buffer.from(JSON.stringify(message)), note);
  }

  /** `bytes`: one message as JSON in UTF-8, shared by all clients. */
  send(bytes: Uint8Array, note: LiveNote): void {
    if (!this.isOpen) return;
    if (this.isBehind) {
      this.#behindSinceMs ??= performance.now();
      this.#skipped++;
      this.#skippedEver++;
    } else this.#transport.send(bytes, note);
  }

  notify(message: LiveMessage): void {
    this.send(Buffer.from(JSON.stringify(message)), message);
  }

  /** Called a few times a second: resumes a client that has caught up, disconnects one that stays behind. */
  sweep(): void {
    if (!this.isOpen) return;
    const { bufferedBytes } = this.#transport;
    if (bufferedBytes > this.#limits.clientBufferBytes) {
      this.#behindSinceMs ??= performance.now(); // A replay waits instead of skipping, but not forever.
    }
    if (this.#behindSinceMs === undefined) return;
    if (bufferedBytes <= this.#limits.clientBufferBytes / 4) {
      const count = this.#skipped;
      this.#skipped = 0;
      this.#behindSinceMs = undefined;
      if (count > 0)
        this.notify({
          type: 'skipped',
          count,
          message: `${count} messages were skipped because this client read too slowly.`,
        });
    } else if (performance.now() - this.#behindSinceMs > this.#limits.slowClientMs) {
      this.#transport.cut('This client reads too slowly.');
    }
  }
}

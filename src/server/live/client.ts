import type { LiveMessage } from '../../types.ts';
import type { Limits } from '../limits.ts';
import type { LiveNote, LiveTransport } from './transport.ts';

/**
 * One client of `/v1/live`, with a bounded buffer. Messages that do not fit are skipped, counted, and reported to
 * the client as `skipped`; a client that stays behind is disconnected. Nothing waits for a client.
 */
export class LiveClient {
  readonly #transport: LiveTransport;
  readonly #limits: Limits;
  /** Messages skipped since the client fell behind, and since it connected. */
  #skipped = 0;
  #totalSkipped = 0;
  #behindSinceMs: number | undefined;

  constructor(transport: LiveTransport, limits: Limits) {
    this.#transport = transport;
    this.#limits = limits;
  }

  get isOpen(): boolean {
    return this.#transport.isOpen;
  }

  /** Messages skipped since the client connected. */
  get skipped(): number {
    return this.#totalSkipped;
  }

  get queuedBytes(): number {
    return this.#transport.bufferedBytes;
  }

  /** True while the buffer is full: messages that are sent now are skipped. */
  get isBehind(): boolean {
    return this.#skipped > 0 || this.#transport.bufferedBytes > this.#limits.clientBufferBytes;
  }

  /** Sends a message that must not be skipped, for a caller that waits while the client `isBehind`. */
  deliver(message: LiveMessage, note: LiveNote = message): void {
    if (this.isOpen) this.#transport.send(Buffer.from(JSON.stringify(message)), note);
  }

  /** `bytes`: one message as JSON in UTF-8, shared by all clients. */
  send(bytes: Uint8Array, note: LiveNote): void {
    if (!this.isOpen) return;
    if (this.isBehind) {
      this.#behindSinceMs ??= performance.now();
      this.#skipped++;
      this.#totalSkipped++;
    } else this.#transport.send(bytes, note);
  }

  sendMessage(message: LiveMessage): void {
    this.send(Buffer.from(JSON.stringify(message)), message);
  }

  /** Called a few times a second: resumes a client that has caught up, disconnects one that stays behind. */
  sweep(): void {
    if (!this.isOpen) return;
    const { bufferedBytes } = this.#transport;
    if (bufferedBytes > this.#limits.clientBufferBytes) {
      this.#behindSinceMs ??= performance.now(); // A replay waits instead of skipping; this bounds the wait.
    }
    if (this.#behindSinceMs === undefined) return;
    if (bufferedBytes <= this.#limits.clientBufferBytes / 4) {
      const count = this.#skipped;
      this.#skipped = 0;
      this.#behindSinceMs = undefined;
      if (count > 0)
        this.sendMessage({
          type: 'skipped',
          count,
          message: `${count} messages were skipped because this client read too slowly.`,
        });
    } else if (performance.now() - this.#behindSinceMs > this.#limits.slowClientMs) {
      this.#transport.disconnect('This client reads too slowly.');
    }
  }
}

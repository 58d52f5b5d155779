import type { LiveMessage } from '../../types.ts';
import type { Limits } from '../limits.ts';
import { HeldMessages } from './held-messages.ts';
import type { LiveNote, LiveTransport } from './transport.ts';

/**
 * One client of `/v1/live`, with a bounded buffer. While it reads more slowly than messages arrive, it gets the newest
 * frame of each stream instead of a backlog; what it missed is counted and reported as `skipped`. A client that stays
 * behind is disconnected. Nothing waits for a client.
 */
export class LiveClient {
  readonly #transport: LiveTransport;
  readonly #limits: Limits;
  readonly #held = new HeldMessages();
  /** True from the message that fills the buffer until it has left it. */
  #isFull = false;
  /** Messages skipped since the last report, and since it connected. */
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

  /** True while a replay should wait. */
  get isBehind(): boolean {
    return this.#held.size > 0 || this.#transport.bufferedBytes > this.#limits.clientBufferBytes;
  }

  /** Sends a message that must not be skipped, for a caller that waits while the client `isBehind`. */
  deliver(message: LiveMessage, note: LiveNote = message): void {
    if (this.isOpen) this.#transport.send(Buffer.from(JSON.stringify(message)), note);
  }

  /** `bytes`: one message as JSON in UTF-8, shared by all clients. */
  send(bytes: Uint8Array, note: LiveNote): void {
    if (!this.isOpen) return;
    if (this.#isFull) {
      const skipped = this.#held.hold(bytes, note);
      this.#skipped += skipped;
      this.#totalSkipped += skipped;
    } else if (this.#transport.bufferedBytes + bytes.length > this.#limits.liveBufferBytes) {
      this.#isFull = true;
      this.#behindSinceMs ??= performance.now();
      this.#transport.send(bytes, note, this.#onFlushed);
    } else this.#transport.send(bytes, note);
  }

  sendMessage(message: LiveMessage): void {
    this.send(Buffer.from(JSON.stringify(message)), message);
  }

  /** Called a few times a second: disconnects a client that stays behind. */
  sweep(): void {
    if (!this.isOpen) return;
    const { clientBufferBytes, slowClientMs } = this.#limits;
    const { bufferedBytes } = this.#transport;
    if (bufferedBytes > clientBufferBytes) {
      this.#behindSinceMs ??= performance.now(); // A replay waits instead of skipping; this bounds the wait.
    } else if (!this.#isFull && bufferedBytes <= clientBufferBytes / 4) this.#behindSinceMs = undefined;
    if (this.#behindSinceMs !== undefined && performance.now() - this.#behindSinceMs > slowClientMs)
      this.#transport.disconnect('This client reads too slowly.');
  }

  /** The buffer has been passed on: sends what was held, as far as it fits, and holds the rest again. */
  readonly #onFlushed = (): void => {
    this.#isFull = false;
    this.#behindSinceMs = undefined;
    if (!this.isOpen || this.#held.size === 0) return;
    const count = this.#skipped;
    this.#skipped = 0;
    if (count > 0)
      this.deliver({
        type: 'skipped',
        count,
        message: `${count} messages were skipped because this client read too slowly.`,
      });
    for (const { bytes, note } of this.#held.take()) this.send(bytes, note);
  };
}

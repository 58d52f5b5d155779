import type { WebSocket } from 'ws';
import type { LiveMessage } from '../types.ts';
import type { Limits } from './limits.ts';

/** Try again later (RFC 6455 registry): what a client that reads too slowly is cut with. */
const TRY_AGAIN_LATER = 1013;

/**
 * One watcher. What it does not read in time is skipped and counted, and it is told how much; one that
 * stays behind is cut. So nobody waits for it, and what it holds of our memory is bounded.
 */
export class LiveClient {
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  #skipped = 0;
  #behindSinceMs: number | undefined;

  constructor(socket: WebSocket, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** True while no more should be sent; what is sent all the same is skipped. */
  get isBehind(): boolean {
    return this.#skipped > 0 || this.#socket.bufferedAmount > this.#limits.clientBufferBytes;
  }

  /** For what must not be skipped, from a sender that waits by itself while the client `isBehind`. */
  deliver(message: LiveMessage): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** Bytes of one text message, serialised once for all clients. */
  send(bytes: Buffer): void {
    if (!this.isOpen) return;
    if (this.isBehind) {
      this.#behindSinceMs ??= performance.now();
      this.#skipped++;
    } else this.#socket.send(bytes, { binary: false });
  }

  tell(message: LiveMessage): void {
    this.send(Buffer.from(JSON.stringify(message)));
  }

  /** Called a few times a second: lets a client that caught up go on, cuts one that does not. */
  sweep(): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > this.#limits.clientBufferBytes) {
      this.#behindSinceMs ??= performance.now(); // A replay waits instead of skipping, but not for ever.
    }
    if (this.#behindSinceMs === undefined) return;
    if (this.#socket.bufferedAmount <= this.#limits.clientBufferBytes / 4) {
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
      this.#socket.close(TRY_AGAIN_LATER, 'This client reads too slowly.');
      // The close frame waits behind all that was not read: most likely it never gets through.
      setTimeout(() => this.#socket.terminate(), 1_000).unref();
    }
  }
}

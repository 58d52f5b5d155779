import type { LiveMessage } from '../types.ts';
import { ApiError } from './request.ts';
import type { WebSocketLike } from './web-socket.ts';

/** More messages than these never wait: the connection is given up, and what was missed is asked for later. */
const MOST_WAITING = 5_000;

/** Faults that no other attempt will mend, by their close codes: 4000 + the HTTP status. */
const isLasting = (code: number): boolean => code >= 4400 && code <= 4404;
const REFUSED_UPGRADE = /Unexpected server response: (40[0134])/;

/**
 * The text messages of one socket, waiting to be read; it ends when the socket closes. Throws an ApiError
 * where the server says that coming again is of no use.
 */
export class Inbox implements AsyncIterable<string> {
  readonly #waiting: string[] = [];
  readonly #socket: WebSocketLike;
  #wake: (() => void) | undefined;
  #closed = false;
  #fault: ApiError | undefined;

  constructor(socket: WebSocketLike) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (typeof data !== 'string') return;
      this.#waiting.push(data);
      if (this.#waiting.length > MOST_WAITING) this.end();
      this.#wake?.();
    };
    // `ws` tells by its error why an upgrade was refused; a browser's event holds nothing.
    socket.onerror = (event: { message?: unknown }) => {
      const status = REFUSED_UPGRADE.exec(String(event.message ?? ''))?.[1];
      if (status !== undefined)
        this.#fault ??= new ApiError(Number(status), 'refused', `The server refuses this (${status}).`);
    };
    socket.onclose = ({ code, reason }) => {
      if (isLasting(code)) this.#fault ??= this.#said(code, reason);
      this.#closed = true;
      this.#wake?.();
    };
  }

  /** Reads no more; what waits already can still be read. */
  end(): void {
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const text = this.#waiting.shift();
      if (text !== undefined) yield text;
      else if (this.#closed) {
        if (this.#fault) throw this.#fault;
        return;
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  /** The server's sentence came as the last message. */
  #said(status: number, reason: string): ApiError {
    try {
      const { type, code, message } = JSON.parse(this.#waiting.at(-1) ?? '');
      if (type === 'error') return new ApiError(status, code, message);
    } catch {
      // It said nothing.
    }
    return new ApiError(status, reason || 'refused', reason || 'The server refuses this.');
  }
}

const KNOWN: Readonly<Record<LiveMessage['type'], true>> = {
  hello: true,
  emotion: true,
  skipped: true,
  notice: true,
  session: true,
  error: true,
  'stream-started': true,
  'stream-stopped': true,
  'source-lost': true,
  'source-restored': true,
  gap: true,
  'alert-raised': true,
  'alert-cleared': true,
};

/** One text message of `/v1/live`; null for what this client does not know (a newer server may say more). */
export function parseLive(text: string): LiveMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  return typeof value.type === 'string' && Object.hasOwn(KNOWN, value.type) ? (value as LiveMessage) : null;
}

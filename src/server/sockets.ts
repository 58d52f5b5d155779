import { WebSocketServer } from 'ws';
import { SUBPROTOCOL } from './auth/shown-token.ts';
import type { Limits } from './limits.ts';

/** Path of the sockets that take audio in; all others are control sockets. */
export const AUDIO_PATH = /^\/v1\/streams\/[^/?]+\/audio(?:\?|$)/;

/**
 * One server for the adapter, two for ws, which knows one message size per server: audio comes in larger
 * messages than a client of `/v1/live` has any reason to send.
 */
export class Sockets extends WebSocketServer {
  readonly #audio: WebSocketServer;

  constructor(limits: Limits) {
    const options = { noServer: true, perMessageDeflate: false, handleProtocols };
    super({ ...options, maxPayload: limits.controlBytes });
    this.#audio = new WebSocketServer({ ...options, maxPayload: limits.ingestBytes });
    // The adapter adds the response's headers through this one.
    this.#audio.on('headers', (headers, request) => this.emit('headers', headers, request));
  }

  override handleUpgrade(...args: Parameters<WebSocketServer['handleUpgrade']>): void {
    if (AUDIO_PATH.test(args[0].url ?? '')) this.#audio.handleUpgrade(...args);
    else super.handleUpgrade(...args);
  }

  /** All open sockets of both kinds. */
  *all() {
    yield* this.clients;
    yield* this.#audio.clients;
  }

  override close(callback?: (error?: Error) => void): void {
    this.#audio.close();
    super.close(callback);
  }
}

/** A token that was shown as a subprotocol is not for the answer. */
function handleProtocols(offered: Set<string>): string | false {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL;
  return [...offered].find((protocol) => !protocol.startsWith('bearer.')) ?? false;
}

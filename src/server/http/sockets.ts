import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { SUBPROTOCOL } from '../auth/access.ts';
import type { Limits } from '../limits.ts';
import { refusalOf } from './problem.ts';

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

/**
 * Once a server takes upgrades, Node hands every request with an `Upgrade` header to them, also the offers
 * of HTTP/2 that curl and Java's client make; left alone these would hang for ever. An offer may be
 * declined by answering as usual, which is done here where the request has no body; the rest is refused.
 *
 * Wraps the server's one upgrade listener, so that it stays the only one.
 */
export function declineOtherUpgrades(server: Server): void {
  const [onUpgrade] = server.listeners('upgrade') as ((...args: [IncomingMessage, Duplex, Buffer]) => void)[];
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') {
      giveRefusalBody(request, socket);
      onUpgrade?.(request, socket, head);
    } else if (request.method === 'GET' || request.method === 'HEAD') answerPlainly(server, request, socket);
    else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
}

function answerPlainly(server: Server, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false; // The parser has let go of this connection.
  response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
  response.on('finish', () => socket.end());
  server.emit('request', request, response);
}

/** The adapter refuses an upgrade without a body: the problem is put into it, for those who can read one. */
function giveRefusalBody(request: IncomingMessage, socket: Duplex): void {
  const end = socket.end.bind(socket) as (text?: unknown) => Duplex;
  socket.end = ((text?: unknown) => {
    const body = refusalOf(request);
    if (typeof text !== 'string' || body === undefined) return end(text);
    return end(text.replace('Content-Length: 0', `Content-Length: ${Buffer.byteLength(body)}`) + body);
  }) as Duplex['end'];
}

/** Pings every socket and ends those that have not answered the ping before. Returns the way to stop. */
export function startHeartbeat(sockets: () => Iterable<WebSocket>, pingMs: number): () => void {
  const asked = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of sockets()) {
      // A paused socket cannot be heard: its answer waits behind the audio that it is paused for.
      if (socket.readyState !== socket.OPEN || socket.isPaused) continue;
      if (asked.has(socket)) socket.terminate();
      else {
        asked.add(socket);
        socket.once('pong', () => asked.delete(socket));
        socket.ping();
      }
    }
  }, pingMs);
  timer.unref();
  return () => clearInterval(timer);
}

import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { SUBPROTOCOL } from '../auth/access.ts';
import type { Limits } from '../limits.ts';
import { problemTextOf } from './problem.ts';

/** Request path of a socket that sends audio; every other socket only receives messages. */
const AUDIO_PATH = /^\/v1\/streams\/[^/?]+\/audio(?:\?|$)/;

/**
 * All WebSockets of the server. Hono's adapter takes one WebSocketServer, but ws has one message size per server
 * and audio needs larger messages, so a second one handles the upgrades of senders.
 */
export class Sockets extends WebSocketServer {
  readonly #audio: WebSocketServer;

  constructor({ controlBytes, ingestBytes }: Limits) {
    const options = { noServer: true, perMessageDeflate: false, handleProtocols };
    super({ ...options, maxPayload: controlBytes });
    this.#audio = new WebSocketServer({ ...options, maxPayload: ingestBytes });
    // The adapter adds the response headers in this server's event.
    this.#audio.on('headers', (headers, request) => this.emit('headers', headers, request));
  }

  override handleUpgrade(...args: Parameters<WebSocketServer['handleUpgrade']>): void {
    if (AUDIO_PATH.test(args[0].url ?? '')) this.#audio.handleUpgrade(...args);
    else super.handleUpgrade(...args);
  }

  /** All open sockets of both kinds. */
  *all(): Generator<WebSocket> {
    yield* this.clients;
    yield* this.#audio.clients;
  }

  override close(callback?: (error?: Error) => void): void {
    this.#audio.close();
    super.close(callback);
  }
}

/** Selects the subprotocol of the response. A token that was offered as `bearer.TOKEN` is never selected. */
function handleProtocols(offered: Set<string>): string | false {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL;
  return [...offered].find((protocol) => !protocol.startsWith('bearer.')) ?? false;
}

/**
 * Pings every socket each `pingMs`, and terminates those that did not answer the previous ping. Returns the
 * function that stops it.
 */
export function startHeartbeat(sockets: Sockets, pingMs: number): () => void {
  const unanswered = new WeakSet<WebSocket>();
  const beat = () => {
    for (const socket of sockets.all()) {
      // The pong of a paused socket waits behind the audio, so it cannot arrive.
      if (socket.readyState !== socket.OPEN || socket.isPaused) continue;
      if (unanswered.has(socket)) socket.terminate();
      else {
        unanswered.add(socket);
        socket.once('pong', () => unanswered.delete(socket));
        socket.ping();
      }
    }
  };
  // After what has arrived is read: on a computer that was busy, an answer may wait in the socket.
  const timer = setInterval(() => void setImmediate(beat), pingMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Answers requests whose `Upgrade` header names another protocol than WebSocket, and adds the error to refused
 * upgrades. Node passes every request with an `Upgrade` header to the upgrade listener, also the offers of HTTP/2
 * that curl and Java's client make; without an answer these would hang. A server may ignore such an offer, so a
 * request without a body gets its ordinary response, any other a 400.
 *
 * Wraps the server's upgrade listener, so that there is still only one.
 */
export function answerUpgrades(server: Server): void {
  const [onUpgrade] = server.listeners('upgrade') as ((...args: [IncomingMessage, Duplex, Buffer]) => void)[];
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') {
      addProblemText(request, socket);
      onUpgrade?.(request, socket, head);
    } else if (request.method === 'GET' || request.method === 'HEAD') ignoreUpgrade(server, request, socket);
    else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
}

function ignoreUpgrade(server: Server, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false; // Node's parser no longer reads this connection.
  response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
  response.on('finish', () => socket.end());
  server.emit('request', request, response);
}

/** The adapter refuses an upgrade without a body: this inserts the problem for clients that can read it. */
function addProblemText(request: IncomingMessage, socket: Duplex): void {
  const end = socket.end.bind(socket) as (text?: unknown) => Duplex;
  socket.end = ((text?: unknown) => {
    const body = problemTextOf(request);
    if (typeof text !== 'string' || body === undefined) return end(text);
    return end(text.replace('Content-Length: 0', `Content-Length: ${Buffer.byteLength(body)}`) + body);
  }) as Duplex['end'];
}

import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refusalOf } from './problem.ts';

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

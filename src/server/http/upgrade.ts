import { upgradeWebSocket } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import type { AddressCount } from './address-count.ts';
import { closeWithCode } from './close-socket.ts';
import { Problem } from './problem.ts';
import type { Env } from './route.ts';

/** Middleware of a WebSocket route: refuses other requests, and counts the socket until it closes. */
export function webSocketOnly(socketCount: AddressCount): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!isUpgrade(c)) {
      throw new Problem(426, 'websocket', 'This route is a WebSocket: connect with ws:// or wss://.', {
        Upgrade: 'websocket',
      });
    }
    c.env.incoming.socket.once('close', countSocket(c, socketCount));
    await next();
  };
}

/**
 * Counts a client that stays connected. Returns the function that ends the count.
 *
 * @throws Problem `too-many-sockets`
 */
export function countSocket(c: Context<Env>, socketCount: AddressCount): () => void {
  const release = socketCount.take(c.var.address);
  if (release) return release;
  const full = socketCount.full(c.var.address);
  const [whose, key] =
    full?.of === 'total' ? ['this server', 'sockets'] : ['this address', 'socketsPerAddress'];
  throw new Problem(
    503,
    'too-many-sockets',
    `Connection limit reached: ${whose} has ${full?.limit} open sockets; close some first, or raise "limits.${key}" in the configuration.`,
  );
}

/**
 * Handlers of a socket that sends the error and closes with 4000 + the HTTP status. Browsers do not show a page
 * the response to a refused upgrade, so the socket is opened to explain the error.
 */
export function rejectedSocket({ code, status, message }: Problem): WSEvents<unknown> {
  return { onOpen: (_event, { raw }) => closeWithCode(raw as WebSocket, 4000 + status, code, message) };
}

/** Errors for which no socket is opened: the client may be an attacker, or there are too many sockets. */
const NEVER_OPENED: readonly string[] = ['wrong-host', 'wrong-origin', 'too-many-sockets', 'websocket'];

/** Answers the refused upgrade of a page with such a socket. Undefined for every other request. */
export function rejectUpgrade(
  c: Context<Env>,
  problem: Problem,
  socketCount: AddressCount,
): Promise<Response> | undefined {
  const isPage = c.req.header('origin') !== undefined;
  const isPending = isUpgrade(c) && c.env.outgoing === undefined;
  if (!isPage || !isPending || NEVER_OPENED.includes(problem.code)) return undefined;
  const release = socketCount.take(c.var.address);
  if (!release) return undefined;
  c.env.incoming.socket.once('close', release);
  return upgradeWebSocket(() => rejectedSocket(problem))(c, async () => {}) as Promise<Response>;
}

const isUpgrade = (c: Context<Env>): boolean => c.req.header('upgrade')?.toLowerCase() === 'websocket';

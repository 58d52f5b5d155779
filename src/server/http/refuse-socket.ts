import { upgradeWebSocket } from '@hono/node-server';
import type { Context } from 'hono';
import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import type { AddressCount } from './address-count.ts';
import { closeWithCode } from './close-socket.ts';
import type { Problem } from './problem.ts';
import type { Env } from './route.ts';

/**
 * A socket that is opened only to send the error and close, with 4000 + the HTTP status: a page in a browser
 * can read nothing of a refused upgrade.
 */
export function refuseSocket({ code, status, message }: Problem): WSEvents<unknown> {
  return { onOpen: (_event, { raw }) => closeWithCode(raw as WebSocket, 4000 + status, code, message) };
}

/** Unknown clients, and those that ask in place of another: they get no socket at all. */
const NEVER_OPENED: readonly string[] = ['wrong-host', 'wrong-origin', 'too-many-sockets', 'websocket'];

/** Refuses the upgrade of a page by such a socket. Undefined for all who can read the refusal itself. */
export function refuseUpgrade(
  c: Context<Env>,
  problem: Problem,
  sockets: AddressCount,
): Promise<Response> | undefined {
  const isPage = c.req.header('origin') !== undefined;
  const isUpgrade = c.req.header('upgrade')?.toLowerCase() === 'websocket' && c.env.outgoing === undefined;
  if (!isPage || !isUpgrade || NEVER_OPENED.includes(problem.code)) return undefined;
  const release = sockets.take(c.var.address);
  if (!release) return undefined;
  c.env.incoming.socket.once('close', release);
  return upgradeWebSocket(() => refuseSocket(problem))(c, async () => {}) as Promise<Response>;
}

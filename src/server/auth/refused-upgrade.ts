import { upgradeWebSocket } from '@hono/node-server';
import type { Context } from 'hono';
import type { WebSocket } from 'ws';
import { closeSoon } from '../close-with-fault.ts';
import type { Env } from '../env.ts';
import type { Problem } from '../problem.ts';
import type { SocketCount } from '../socket-count.ts';

/** Of whom nothing is known, or who asks in place of another: these get no socket, not even to be told why. */
const NOT_EVEN_OPENED: readonly string[] = ['wrong-host', 'wrong-origin', 'too-many-sockets', 'websocket'];

/**
 * A page can read nothing of a refused upgrade, so its socket is opened only to say why it is closed: with
 * 4000 + the HTTP status. Undefined for all who can read the refusal itself.
 */
export function refusedUpgrade(
  c: Context<Env>,
  { code, status, message }: Problem,
  sockets: SocketCount,
): Promise<Response> | undefined {
  const isPage = c.req.header('origin') !== undefined;
  const isUpgrade = c.req.header('upgrade')?.toLowerCase() === 'websocket' && c.env.outgoing === undefined;
  if (!isPage || !isUpgrade || NOT_EVEN_OPENED.includes(code)) return undefined;
  const release = sockets.take(c.var.address);
  if (!release) return undefined;
  c.env.incoming.socket.once('close', release);
  const events = {
    onOpen: (_event: unknown, { raw }: { raw?: unknown }) => {
      const socket = raw as WebSocket;
      socket.send(JSON.stringify({ type: 'error', code, message }));
      closeSoon(socket, 4000 + status, code);
    },
  };
  return upgradeWebSocket(() => events)(c, async () => {}) as Promise<Response>;
}

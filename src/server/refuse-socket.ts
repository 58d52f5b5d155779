import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import type { SocketFault } from './close-codes.ts';
import { closeWithFault } from './close-with-fault.ts';

/** A socket that is opened only to say why it is closed: a browser shows nothing of a refused upgrade. */
export function refuseSocket(code: SocketFault, message: string): WSEvents<unknown> {
  return { onOpen: (_event, { raw }) => closeWithFault(raw as WebSocket, code, message) };
}

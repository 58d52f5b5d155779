import type { WebSocket } from 'ws';
import type { SocketError } from '../types.ts';
import { CLOSE_CODES, type SocketFault } from './close-codes.ts';

/** A peer that does not answer our goodbye is cut after this. */
const GOODBYE_MS = 1_000;

/** Says what was wrong, closes with the code that fits, and sees to it that the socket does end. */
export function closeWithFault(socket: WebSocket, code: SocketFault, message: string): void {
  if (socket.readyState !== socket.OPEN) return;
  const fault: SocketError = { type: 'error', code, message };
  socket.send(JSON.stringify(fault));
  closeSoon(socket, CLOSE_CODES[code], code);
}

export function closeSoon(socket: WebSocket, closeCode: number, reason: string): void {
  socket.close(closeCode, reason);
  socket.resume(); // A paused socket would never hear the peer's own close.
  setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
}

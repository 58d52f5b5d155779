import type { WebSocket } from 'ws';
import type { SocketError } from '../types.ts';
import { CLOSE_CODES, type SocketFault } from './close-codes.ts';

/** A peer has this long to answer the close frame. */
const CLOSE_MS = 1_000;

/** Sends the error, closes with the code that fits it, and terminates a socket that does not close. */
export function closeWithFault(socket: WebSocket, code: SocketFault, message: string): void {
  closeWithCode(socket, CLOSE_CODES[code], code, message);
}

export function closeWithCode(socket: WebSocket, closeCode: number, code: string, message: string): void {
  if (socket.readyState !== socket.OPEN) return;
  const fault: SocketError = { type: 'error', code, message };
  socket.send(JSON.stringify(fault));
  closeSoon(socket, closeCode, code);
}

export function closeSoon(socket: WebSocket, closeCode: number, reason: string): void {
  socket.close(closeCode, reason);
  socket.resume(); // A paused socket would never receive the peer's close frame.
  setTimeout(() => socket.terminate(), CLOSE_MS).unref();
}

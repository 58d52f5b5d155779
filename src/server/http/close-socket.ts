import type { WebSocket } from 'ws';
import type { SocketError } from '../../types.ts';

/** How a socket is closed for a fault: 4000 + the HTTP status that says the same, where RFC 6455 has none. */
export const CLOSE_CODES = {
  'going-away': 1001,
  'message-too-big': 1009,
  internal: 1011,
  'bad-request': 4400,
  'bad-name': 4400,
  'bad-hello': 4400,
  'bad-message': 4400,
  'token-expired': 4401,
  'hello-timeout': 4408,
  'audio-timeout': 4408,
  'stream-busy': 4409,
  'bad-audio': 4415,
  'too-many-streams': 4429,
} as const satisfies Record<string, number>;

export type SocketFault = keyof typeof CLOSE_CODES;

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

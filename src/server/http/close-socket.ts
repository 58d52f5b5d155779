import type { WebSocket } from 'ws';
import type { SocketError } from '../../types.ts';

/** Close codes by error: those of RFC 6455 if one fits, else 4000 + the HTTP status of the same error. */
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

export type SocketErrorCode = keyof typeof CLOSE_CODES;

/** Time for the peer to answer the close frame. */
const CLOSE_MS = 1_000;

/** Sends the error and closes the socket with its close code. */
export function closeWithError(socket: WebSocket, code: SocketErrorCode, message: string): void {
  closeWithCode(socket, CLOSE_CODES[code], code, message);
}

/** The same, with a close code that is not in the table. */
export function closeWithCode(socket: WebSocket, closeCode: number, code: string, message: string): void {
  if (socket.readyState !== socket.OPEN) return;
  const error: SocketError = { type: 'error', code, message };
  socket.send(JSON.stringify(error));
  closeSoon(socket, closeCode, code);
}

/** Closes the socket, and terminates it if the peer does not answer. */
export function closeSoon(socket: WebSocket, closeCode: number, reason: string): void {
  socket.close(closeCode, reason);
  socket.resume(); // A paused socket would never receive the peer's close frame.
  setTimeout(() => socket.terminate(), CLOSE_MS).unref();
}

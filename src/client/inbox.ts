import type { LiveMessage } from '../types.ts';
import { ApiError } from './request.ts';
import { onceClosed, type WebSocketLike } from './web-socket.ts';

/** The text messages of one socket, in order. Iteration ends when the socket closes. */
export interface Inbox extends AsyncIterable<string> {
  /** Whether the connection was established. */
  readonly opened: boolean;
  /** When the last message arrived, or the socket was made: `performance.now()` clock. */
  readonly receivedAtMs: number;
  /** Closes the socket; messages received before can still be read. */
  end(): void;
}

/** With more unread messages than this, the socket is closed; the missed ones are requested on reconnecting. */
const MAX_UNREAD = 5_000;

/** Close codes after which reconnecting is pointless: 4000 + the HTTP status. */
const isPermanent = (closeCode: number): boolean => closeCode >= 4400 && closeCode <= 4404;

/** Queues the messages of a socket. Iterating throws an ApiError if the server closes it permanently. */
export function createInbox(socket: WebSocketLike): Inbox {
  const unread: string[] = [];
  let opened = false;
  let closed = false;
  let receivedAtMs = performance.now();
  let error: ApiError | undefined;
  let wake = () => {};
  /** The server sends its reason as the last message before it closes the socket. */
  let last = '';

  socket.onopen = () => {
    opened = true;
  };
  socket.onmessage = ({ data }) => {
    receivedAtMs = performance.now();
    if (typeof data !== 'string') return;
    unread.push(data);
    last = data;
    if (unread.length > MAX_UNREAD) end();
    wake();
  };
  onceClosed(socket, ({ code, reason }) => {
    if (isPermanent(code)) error = closeError(code, reason, last);
    closed = true;
    wake();
  });

  function end(): void {
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    closed = true;
    wake();
  }

  return {
    get opened() {
      return opened;
    },
    get receivedAtMs() {
      return receivedAtMs;
    },
    end,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const text = unread.shift();
        if (text !== undefined) yield text;
        else if (closed) {
          if (error) throw error;
          return;
        } else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}

function closeError(closeCode: number, reason: string, lastMessage: string): ApiError {
  const message = parseLive(lastMessage);
  if (message?.type === 'error') return new ApiError(closeCode, message.code, message.message);
  return new ApiError(closeCode, reason || 'refused', reason || 'The server refused the connection.');
}

const KNOWN: Readonly<Record<LiveMessage['type'], true>> = {
  hello: true,
  emotion: true,
  skipped: true,
  notice: true,
  session: true,
  'stream-removed': true,
  error: true,
  'stream-started': true,
  'stream-stopped': true,
  'source-lost': true,
  'source-restored': true,
  'phase-cancellation': true,
  'phase-restored': true,
  gap: true,
  track: true,
  'track-ended': true,
  segment: true,
  'alert-raised': true,
  'alert-cleared': true,
  'clock-changed': true,
};

/** Parses one text message of `/v1/live`; null for a type unknown to this client, such as a newer server's. */
export function parseLive(text: string): LiveMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  return typeof value.type === 'string' && Object.hasOwn(KNOWN, value.type) ? (value as LiveMessage) : null;
}

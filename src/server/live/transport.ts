import type { WebSocket } from 'ws';
import type { StreamMessage } from '../../types.ts';

/** Type and place of a message, beside its text: server-sent events carry them as `event` and `id`. */
export interface LiveNote {
  readonly type: string;
  /** For a frame: its place, from which a client that reconnects continues. */
  readonly place?: { readonly stream: string; readonly run: number; readonly seq: number };
}

export function noteOf(message: StreamMessage, run: number): LiveNote {
  if (message.type !== 'emotion') return message;
  return { type: message.type, place: { stream: message.stream, run, seq: message.seq } };
}

/** The connection to one client, over either protocol. */
export interface LiveTransport {
  readonly isOpen: boolean;
  /** Bytes that the client has not taken yet. */
  readonly bufferedBytes: number;
  /** `text`: JSON in UTF-8, shared by all clients: never write to it. */
  send(text: Uint8Array, note: LiveNote): void;
  /**
   * Sets where the client stands in a stream before anything is sent: the last frame it has, and its run
   * (undefined: the newest). For protocols that send the client its place.
   */
  know?(place: { stream: string; seq: number; run: number | undefined }): void;
  /** Ends the connection of a client that reads too slowly. */
  cut(reason: string): void;
}

/** "Try again later" in the registry of RFC 6455: the close code for a client that reads too slowly. */
const TRY_AGAIN_LATER = 1013;

export function socketTransport(socket: WebSocket): LiveTransport {
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send(text) {
      socket.send(text, { binary: false });
    },
    cut(reason) {
      socket.close(TRY_AGAIN_LATER, reason);
      // The close frame waits behind everything unread, so most likely it never arrives.
      setTimeout(() => socket.terminate(), 1_000).unref();
    },
  };
}

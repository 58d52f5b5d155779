import type { WebSocket } from 'ws';
import type { StreamMessage } from '../../types.ts';

/** Type and position of a message: server-sent events carry them as `event` and `id`. */
export interface LiveNote {
  readonly type: string;
  /** The stream of an event; absent for messages of the server. */
  readonly stream?: string;
  /** For a frame: its position, from which a client continues after a reconnect. */
  readonly position?: { readonly stream: string; readonly run: number; readonly seq: number };
}

export function noteOf(message: StreamMessage, run: number): LiveNote {
  if (message.type !== 'emotion') return message;
  return { type: message.type, position: { stream: message.stream, run, seq: message.seq } };
}

/** The connection to one client, over either protocol. */
export interface LiveTransport {
  readonly isOpen: boolean;
  /** Bytes that the client has not read yet. */
  readonly bufferedBytes: number;
  /**
   * `text`: JSON in UTF-8. All clients share the buffer: do not write to it. `onFlushed` is called when it has been
   * passed to the operating system, or the connection has ended.
   */
  send(text: Uint8Array, note: LiveNote, onFlushed?: () => void): void;
  /**
   * Sets the last frame that the client has of a stream, and its run (undefined: the newest), before anything is
   * sent. For protocols that send the client its position.
   */
  setPosition?(position: { stream: string; seq: number; run: number | undefined }): void;
  /** Ends the connection of a client that reads too slowly. */
  disconnect(reason: string): void;
}

/** "Try again later" in the registry of RFC 6455: the close code for a client that reads too slowly. */
const TRY_AGAIN_LATER = 1013;

const TEXT = { binary: false };

export function socketTransport(socket: WebSocket): LiveTransport {
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send(text, _note, onFlushed) {
      socket.send(text, TEXT, onFlushed);
    },
    disconnect(reason) {
      socket.close(TRY_AGAIN_LATER, reason);
      // The close frame waits behind all unread messages, so it may never arrive.
      setTimeout(() => socket.terminate(), 1_000).unref();
    },
  };
}

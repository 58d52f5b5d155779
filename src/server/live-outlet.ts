import type { WebSocket } from 'ws';
import type { StreamMessage } from '../types.ts';

/** What one message is, beside its text: server-sent events are named and numbered by it. */
export interface LiveNote {
  readonly type: string;
  /** For a frame: its place, from which a client that comes back goes on. */
  readonly place?: { readonly stream: string; readonly run: number; readonly seq: number };
}

export function noteOf(message: StreamMessage, run: number): LiveNote {
  if (message.type !== 'emotion') return message;
  return { type: message.type, place: { stream: message.stream, run, seq: message.seq } };
}

/** A way to one client, whichever protocol it speaks. */
export interface LiveOutlet {
  readonly isOpen: boolean;
  /** Bytes that the client has not taken yet. */
  readonly bufferedBytes: number;
  /** `text` is JSON, made once for all clients. */
  send(text: Buffer, note: LiveNote): void;
  /**
   * Where the client stands in a stream before anything of it is sent: the last frame it has, and its run
   * (undefined: the newest). For protocols that tell the client its place.
   */
  know?(place: { stream: string; seq: number; run: number | undefined }): void;
  /** Ends the connection of a client that reads too slowly. */
  cut(reason: string): void;
}

/** Try again later (RFC 6455 registry): what a client that reads too slowly is cut with. */
const TRY_AGAIN_LATER = 1013;

export function socketOutlet(socket: WebSocket): LiveOutlet {
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
      // The close frame waits behind all that was not read: most likely it never gets through.
      setTimeout(() => socket.terminate(), 1_000).unref();
    },
  };
}

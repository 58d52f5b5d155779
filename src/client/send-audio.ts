import type { PcmFormat } from '../stream/pcm.ts';
import { createBackoff } from '../util/retry.ts';
import type { Address } from './request.ts';
import { ApiError } from './request.ts';
import {
  OPEN,
  onceClosed,
  openSocket,
  RECONNECT,
  refusalOf,
  type WebSocketLike,
  webSocketConstructor,
} from './web-socket.ts';

export type SenderState =
  | { readonly state: 'connecting' }
  | { readonly state: 'sending' }
  /** Disconnected; reconnects by itself. Audio sent meanwhile is skipped. */
  | { readonly state: 'waiting' }
  /** Permanent: the sender does not reconnect. */
  | { readonly state: 'refused'; readonly error: ApiError };

export interface SendAudioOptions {
  /** Default: `s16le`. */
  readonly format?: PcmFormat;
  /** 8,000 to 192,000 Hz. */
  readonly sampleRate: number;
  /** 1 to 32; default: 1. */
  readonly channels?: number;
  /** Called at each change of the connection's state. */
  readonly onState?: (state: SenderState) => void;
}

export interface AudioSender {
  /** Sends interleaved PCM, in chunks of any size. Audio that the network is too slow for is skipped, not buffered. */
  send(pcm: ArrayBuffer | Uint8Array<ArrayBuffer>): void;
  /** Seconds of audio skipped so far because the network was too slow. */
  readonly skippedSeconds: number;
  /** Disconnects. Audio sent before is still analyzed. */
  close(): void;
}

const BYTES: Readonly<Record<PcmFormat, number>> = { u8: 1, s16le: 2, s24le: 3, s32le: 4, f32le: 4 };
/** Largest message that the server accepts. */
const MESSAGE_BYTES = 64 * 1024;
/** The socket buffers at most this much audio. */
const MAX_BUFFERED_SECONDS = 1;
/** The close code of a connection without a closing handshake. */
const ABNORMAL = 1006;
/** A connection that lasted this long resets the pauses between attempts. */
const STABLE_MS = 10_000;
/** Errors after which an accepted sender reconnects. */
const TEMPORARY = new Set(['going-away', 'stream-busy', 'audio-timeout', 'hello-timeout', 'internal']);

/** Sends live PCM to a stream of the server; reconnects when the connection drops. */
export function sendAudio(
  address: Address,
  stream: string,
  { format = 's16le', sampleRate, channels = 1, onState = () => {} }: SendAudioOptions,
): AudioSender {
  const path = `v1/streams/${encodeURIComponent(stream)}/audio`;
  const bytesPerSecond = BYTES[format] * channels * sampleRate;
  let socket: WebSocketLike | undefined;
  let ready = false;
  const backoff = createBackoff(RECONNECT);
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let skippedBytes = 0;
  let lastError: { readonly code: string; readonly message: string } | null = null;
  let everReady = false;
  let readyAtMs = 0;

  const open = async () => {
    onState({ state: 'connecting' });
    lastError = null;
    let opened = false;
    const Socket = await webSocketConstructor();
    if (closed) return;
    const current = openSocket(Socket, address, path);
    socket = current;
    current.onopen = () => {
      opened = true;
      current.send(JSON.stringify({ type: 'hello', format, sampleRate, channels }));
    };
    current.onmessage = ({ data }) => {
      const message = typeof data === 'string' ? JSON.parse(data) : null;
      if (message?.type === 'ready') {
        ready = true;
        everReady = true;
        readyAtMs = performance.now();
        onState({ state: 'sending' });
      } else if (message?.type === 'error') lastError = message;
    };
    onceClosed(current, ({ code }) => {
      // A connection that is accepted and dropped at once must not reset the pauses.
      if (ready && performance.now() - readyAtMs > STABLE_MS) backoff.reset();
      ready = false;
      void reconnect(opened, code);
    });
  };
  const reconnect = async (opened: boolean, closeCode: number) => {
    if (closed) return;
    const error = lastError
      ? new ApiError(closeCode, lastError.code, lastError.message)
      : opened
        ? undefined
        : await refusalOf(address, path);
    if (closed) return;
    if (error !== undefined && !(everReady && TEMPORARY.has(error.code))) {
      onState({ state: 'refused', error });
      return;
    }
    onState({ state: 'waiting' });
    retry = setTimeout(start, backoff.nextMs());
  };
  /** A socket that cannot even be made, such as one whose token has a space, has no event for that. */
  const start = () =>
    void open().catch(({ message }: Error) =>
      onState({ state: 'refused', error: new ApiError(ABNORMAL, 'no-socket', message) }),
    );
  start();

  return {
    send(pcm) {
      if (!ready || socket?.readyState !== OPEN) return;
      const bytes = pcm instanceof Uint8Array ? pcm : new Uint8Array(pcm);
      if (socket.bufferedAmount > MAX_BUFFERED_SECONDS * bytesPerSecond) skippedBytes += bytes.length;
      else
        for (let at = 0; at < bytes.length; at += MESSAGE_BYTES)
          socket.send(bytes.subarray(at, at + MESSAGE_BYTES));
    },
    get skippedSeconds() {
      return skippedBytes / bytesPerSecond;
    },
    close() {
      closed = true;
      clearTimeout(retry);
      socket?.close(1000);
    },
  };
}

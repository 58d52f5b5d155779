import type { PcmFormat } from '../stream/pcm.ts';
import { createBackoff } from '../util/retry.ts';
import type { Address } from './request.ts';
import { ApiError } from './request.ts';
import { OPEN, openSocket, RECONNECT, type WebSocketLike, webSocketConstructor } from './web-socket.ts';

export type SenderState =
  | { readonly state: 'connecting' }
  | { readonly state: 'sending' }
  /** Lost; it comes back by itself. What is given meanwhile is skipped. */
  | { readonly state: 'waiting' }
  /** For good; `close` is all that is left to do. */
  | { readonly state: 'refused'; readonly error: ApiError };

export interface SendAudioOptions {
  readonly format?: PcmFormat;
  readonly sampleRate: number;
  readonly channels?: number;
  readonly onState?: (state: SenderState) => void;
}

export interface AudioSender {
  /** Takes interleaved PCM, cut anywhere; what the network cannot take in time is skipped, never piled up. */
  send(pcm: ArrayBuffer | Uint8Array<ArrayBuffer>): void;
  /** Seconds of audio skipped so far because the network was too slow. */
  readonly skippedSeconds: number;
  /** What was sent is still heard. */
  close(): void;
}

const BYTES: Readonly<Record<PcmFormat, number>> = { u8: 1, s16le: 2, s24le: 3, s32le: 4, f32le: 4 };
/** Largest message that the server takes. */
const MESSAGE_BYTES = 64 * 1024;
/** At most this much audio waits in the socket. */
const MAX_BUFFERED_SECONDS = 1;
const HELD_MS = 10_000;
/** Faults that pass: once a server has taken us, it is worth coming back after these. */
const PASSING = new Set(['going-away', 'stream-busy', 'audio-timeout', 'hello-timeout', 'internal']);

/** Sends live PCM to a stream of the server; when the server goes away, it comes back to it. */
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
  let refusal: { readonly code: string; readonly message: string } | null = null;
  let everReady = false;
  let readyAtMs = 0;

  const open = async () => {
    onState({ state: 'connecting' });
    refusal = null;
    const Socket = await webSocketConstructor();
    if (closed) return;
    const opened = openSocket(Socket, address, path);
    socket = opened;
    opened.onopen = () => opened.send(JSON.stringify({ type: 'hello', format, sampleRate, channels }));
    opened.onmessage = ({ data }) => {
      const message = typeof data === 'string' ? JSON.parse(data) : null;
      if (message?.type === 'ready') {
        ready = true;
        everReady = true;
        readyAtMs = performance.now();
        onState({ state: 'sending' });
      } else if (message?.type === 'error') refusal = message;
    };
    opened.onerror = () => {}; // A close follows.
    opened.onclose = ({ code }) => {
      // Only a connection that held starts the pauses anew: one that is taken and dropped at once must not spin.
      if (ready && performance.now() - readyAtMs > HELD_MS) backoff.reset();
      ready = false;
      if (closed) return;
      if (refusal !== null && !(everReady && PASSING.has(refusal.code))) {
        onState({ state: 'refused', error: new ApiError(code, refusal.code, refusal.message) });
        return;
      }
      onState({ state: 'waiting' });
      retry = setTimeout(() => void open(), backoff.nextMs());
    };
  };
  void open();

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

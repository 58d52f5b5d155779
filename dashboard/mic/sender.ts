import { backoffMs } from '../live/backoff.ts';
import { serverUrl } from '../live/server-url.ts';

export type SenderState =
  | { readonly state: 'connecting' }
  | { readonly state: 'sending' }
  | { readonly state: 'waiting' }
  | { readonly state: 'refused'; readonly message: string };

export interface Sender {
  /** Takes mono s16le; what the network cannot take in time is skipped, never piled up. */
  send(pcm: ArrayBuffer): void;
  /** Seconds of audio skipped so far because the network was too slow. */
  readonly skippedSeconds: number;
  close(): void;
}

/** At most this much audio waits in the socket. */
const MAX_BUFFERED_SECONDS = 1;
const BYTES_PER_SAMPLE = 2;
const HELD_MS = 10_000;
/** Faults that pass: once a server has taken us, it is worth coming back after these. */
const PASSING = new Set(['going-away', 'stream-busy', 'audio-timeout', 'hello-timeout', 'internal']);

/** Sends PCM to `/v1/streams/:name/audio`; when the server goes away, it comes back to it. */
export function createSender(
  stream: string,
  sampleRateHz: number,
  onState: (state: SenderState) => void,
): Sender {
  const url = serverUrl(`v1/streams/${encodeURIComponent(stream)}/audio`, 'ws');
  const maxBufferedBytes = MAX_BUFFERED_SECONDS * sampleRateHz * BYTES_PER_SAMPLE;
  let socket: WebSocket;
  let ready = false;
  let attempt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let skippedSamples = 0;
  let refusal: { readonly code: string; readonly message: string } | null = null;
  let everReady = false;
  let readyAtMs = 0;

  const open = () => {
    onState({ state: 'connecting' });
    refusal = null;
    socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () =>
      socket.send(JSON.stringify({ type: 'hello', format: 's16le', sampleRate: sampleRateHz, channels: 1 }));
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = typeof data === 'string' ? JSON.parse(data) : null;
      if (message?.type === 'ready') {
        ready = true;
        everReady = true;
        readyAtMs = performance.now();
        onState({ state: 'sending' });
      } else if (message?.type === 'error') refusal = message;
    };
    socket.onclose = () => {
      // Only a connection that held starts the pauses anew: one that is taken and dropped at once must not spin.
      if (ready && performance.now() - readyAtMs > HELD_MS) attempt = 0;
      ready = false;
      if (closed) return;
      if (refusal !== null && !(everReady && PASSING.has(refusal.code))) {
        onState({ state: 'refused', message: refusal.message });
        return;
      }
      onState({ state: 'waiting' });
      attempt++;
      retry = setTimeout(open, backoffMs(attempt));
    };
  };
  open();

  return {
    send(pcm) {
      if (!ready || socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > maxBufferedBytes) skippedSamples += pcm.byteLength / BYTES_PER_SAMPLE;
      else socket.send(pcm);
    },
    get skippedSeconds() {
      return skippedSamples / sampleRateHz;
    },
    close() {
      closed = true;
      clearTimeout(retry);
      socket.close(1000);
    },
  };
}

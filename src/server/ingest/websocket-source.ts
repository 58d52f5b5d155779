import { ChunkQueue } from '../../stream/chunk-queue.ts';
import { bytesPerSample, LITTLE_ENDIAN, PcmDecoder } from '../../stream/pcm.ts';
import type { Source } from '../../types.ts';
import { type ReasonValues, UserError } from '../../user-error.ts';
import type { SocketErrorCode } from '../http/close-socket.ts';
import type { Limits } from '../limits.ts';
import { CONTAINER_BYTES, formatMismatch } from './pcm-format-check.ts';
import type { IngestHello } from './schema.ts';

/** The source of a stream that a client sends. */
export const WEBSOCKET_URI = 'ws:';

/** The socket that sends the audio. */
export interface AudioSocket {
  pause(): void;
  resume(): void;
  fail(code: SocketErrorCode, message: string, values?: ReasonValues): void;
}

/** Above this the socket is paused, so a client can send faster than real time without losing audio. */
const ENOUGH_QUEUED_SECONDS = 2;
/** The queue calls `onDrain` at half its limit. */
const MAX_QUEUED_SECONDS = 2 * ENOUGH_QUEUED_SECONDS;
const CHUNK_SECONDS = 0.25;
/** A paused socket still delivers the few messages that it had read. More than this is an internal error. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Turns binary messages of any size into a Source. While the queue is full the socket is paused and bytes wait
 * here undecoded, so memory is bounded. The decoder holds a sample that is split between two messages.
 */
export class WebSocketSource {
  readonly source: Source = {
    uri: WEBSOCKET_URI,
    ownSamples: true,
    open: (signal) => this.#open(signal, (bytes) => this.#decoder.push(bytes)),
  };

  readonly #hello: IngestHello;
  readonly #limits: Limits;
  readonly #socket: AudioSocket;
  readonly #decoder: PcmDecoder;
  readonly #idleTimer: NodeJS.Timeout;
  readonly #chunkBytes: number;
  #queue: Pick<ChunkQueue, 'queuedSeconds' | 'notice' | 'end' | 'fail'> | undefined;
  /** Decodes bytes and puts them into the queue. */
  #enqueue: (bytes: Uint8Array, arrivedAtMs: number) => void = () => {};
  #waiting: { bytes: Uint8Array; arrivedAtMs: number }[] = [];
  #waitingBytes = 0;
  #paused = false;
  #lost = false;
  #ended = false;
  /** The error that ended the stream, if any. */
  #error: UserError | undefined;
  #lastAudioMs = performance.now();
  /** The first second, collected for the format check; undefined after it. */
  #beginning: Buffer[] | undefined = [];
  #beginningBytes = 0;
  /** Sizes of the beginning at which it is checked: a file header, a quarter of a second, a second. */
  readonly #checkAtBytes: number[];

  constructor(hello: IngestHello, limits: Limits, socket: AudioSocket) {
    this.#hello = hello;
    this.#limits = limits;
    this.#socket = socket;
    if (hello.format === 's16le' && LITTLE_ENDIAN) {
      const open = (signal: AbortSignal) => this.#open(signal, (bytes) => this.#decoder.pushInt16(bytes));
      this.source = { ...this.source, openInt16: open };
    }
    this.#decoder = new PcmDecoder(hello.format, hello.channels);
    const frameBytes = bytesPerSample(hello.format) * hello.channels;
    this.#chunkBytes = Math.round(CHUNK_SECONDS * hello.sampleRate) * frameBytes;
    this.#checkAtBytes = [CONTAINER_BYTES, this.#chunkBytes, 4 * this.#chunkBytes];
    // After what has arrived is read: on a computer that was busy, audio may wait in the socket.
    const check = () => void setImmediate(() => this.#checkIdle());
    this.#idleTimer = setInterval(check, Math.min(1_000, limits.audioIdleMs / 4));
    this.#idleTimer.unref();
  }

  push(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return;
    this.#lastAudioMs = performance.now();
    if (this.#lost) {
      this.#lost = false;
      this.#queue?.notice({ type: 'source-restored', message: 'Audio arrives again.' });
    }
    if (!this.#checkFormat(bytes)) return;
    this.#waiting.push({ bytes, arrivedAtMs: this.#lastAudioMs });
    this.#waitingBytes += bytes.length;
    this.#decode();
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#socket.fail('internal', 'More audio is waiting than this server can hold: send it more slowly.');
    }
  }

  /** Ends the stream after the audio that has arrived, with `error` if there is one. */
  end(error?: UserError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    clearInterval(this.#idleTimer);
    if (this.#waitingBytes === 0) this.#endQueue();
  }

  #open<Samples extends Float32Array | Int16Array>(
    signal: AbortSignal,
    decode: (bytes: Uint8Array) => Samples,
  ): ChunkQueue<Samples> {
    const queue = new ChunkQueue<Samples>({ maxQueuedSeconds: MAX_QUEUED_SECONDS, signal });
    const { sampleRate: sampleRateHz, channels } = this.#hello;
    this.#queue = queue;
    this.#enqueue = (bytes, arrivedAtMs) => {
      const samples = decode(bytes);
      if (samples.length > 0) queue.push({ type: 'audio', sampleRateHz, channels, samples, arrivedAtMs });
    };
    queue.onDrain(() => this.#decode());
    this.#decode();
    return queue;
  }

  #endQueue(): void {
    const error = this.#error ?? this.#truncation();
    if (error) this.#queue?.fail(error);
    else this.#queue?.end();
  }

  #truncation(): UserError | undefined {
    const { remainderBytes } = this.#decoder;
    if (remainderBytes === 0) return undefined;
    const { format, channels } = this.#hello;
    const message = `The audio ended within a sample (${remainderBytes} bytes left over): check that it is ${format} with ${channels} channels.`;
    return new UserError('truncated-audio', message);
  }

  #decode(): void {
    const queue = this.#queue;
    if (!queue) return;
    while (this.#waiting.length > 0 && queue.queuedSeconds <= ENOUGH_QUEUED_SECONDS) {
      const { bytes, arrivedAtMs } = this.#waiting[0]!;
      this.#enqueue(bytes.subarray(0, this.#chunkBytes), arrivedAtMs);
      if (bytes.length > this.#chunkBytes) {
        this.#waiting[0] = { bytes: bytes.subarray(this.#chunkBytes), arrivedAtMs };
      } else this.#waiting.shift();
      this.#waitingBytes -= Math.min(bytes.length, this.#chunkBytes);
    }
    this.#setPaused(this.#waiting.length > 0);
    if (this.#ended && this.#waiting.length === 0) this.#endQueue();
  }

  #setPaused(paused: boolean): void {
    if (paused === this.#paused || this.#ended) return;
    this.#paused = paused;
    if (paused) this.#socket.pause();
    else {
      this.#lastAudioMs = performance.now();
      this.#socket.resume();
    }
  }

  /** False if the first second of audio contradicts the format of the hello. */
  #checkFormat(bytes: Uint8Array): boolean {
    if (!this.#beginning) return true;
    this.#beginning.push(Buffer.from(bytes));
    this.#beginningBytes += bytes.length;
    if (this.#beginningBytes < this.#checkAtBytes[0]!) return true;
    while (this.#checkAtBytes.length > 0 && this.#beginningBytes >= this.#checkAtBytes[0]!)
      this.#checkAtBytes.shift();
    const beginning = Buffer.concat(this.#beginning);
    const { format, channels } = this.#hello;
    const mismatch = formatMismatch(format, beginning, new PcmDecoder(format, channels).push(beginning));
    if (this.#checkAtBytes.length === 0) this.#beginning = undefined;
    if (mismatch === undefined) return true;
    this.#socket.fail('bad-audio', `The audio is not the ${format} that the hello announced: ${mismatch}.`);
    return false;
  }

  #checkIdle(): void {
    if (this.#paused || this.#ended) return;
    const idleMs = performance.now() - this.#lastAudioMs;
    const seconds = Math.round(idleMs / 1000);
    if (idleMs > this.#limits.audioGoneMs) {
      const message = `No audio arrived for ${seconds} s: the stream has ended.`;
      this.#socket.fail('audio-timeout', message, { seconds });
    } else if (idleMs > this.#limits.audioIdleMs && !this.#lost) {
      this.#lost = true;
      const message = `No audio has arrived for ${seconds} s.`;
      const reason = { code: 'sender-silent', values: { seconds } };
      this.#queue?.notice({ type: 'source-lost', message, ...reason });
    }
  }
}

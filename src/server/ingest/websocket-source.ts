import { z } from 'zod';
import { ChunkQueue } from '../../stream/chunk-queue.ts';
import { bytesPerSample, PCM_FORMATS, PcmDecoder } from '../../stream/pcm.ts';
import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { SocketFault } from '../http/close-socket.ts';
import type { Limits } from '../limits.ts';
import { CONTAINER_BYTES, doubt } from './pcm-format-check.ts';

/** What the intake does to the socket that feeds it. */
export interface Feed {
  pause(): void;
  resume(): void;
  fail(code: SocketFault, message: string): void;
}

/** Above this the sender is made to wait, so that it may send faster than real time and lose nothing. */
const ENOUGH_QUEUED_SECONDS = 2;
/** The queue calls back at half its limit. */
const MAX_QUEUED_SECONDS = 2 * ENOUGH_QUEUED_SECONDS;
const CHUNK_SECONDS = 0.25;
/** A paused socket still delivers what it had read: some messages' worth. More than this is a fault of ours. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Binary messages of any size to a Source. The bytes wait here undecoded while the queue is full and the
 * socket is paused, so the whole is bounded; a sample cut in two by a message's end waits in the decoder.
 */
export class WebSocketSource {
  readonly source: Source = {
    uri: 'ws:',
    open: (signal) => {
      this.#queue = new ChunkQueue({ maxQueuedSeconds: MAX_QUEUED_SECONDS, signal });
      this.#queue.onDrain(() => this.#decode());
      this.#decode();
      return this.#queue;
    },
  };

  readonly #hello: IngestHello;
  readonly #limits: Limits;
  readonly #feed: Feed;
  readonly #decoder: PcmDecoder;
  readonly #idleTimer: NodeJS.Timeout;
  readonly #chunkBytes: number;
  #queue: ChunkQueue | undefined;
  #waiting: { bytes: Uint8Array; arrivedAtMs: number }[] = [];
  #waitingBytes = 0;
  #paused = false;
  #lost = false;
  #ended = false;
  /** Why the stream ends, where that is a fault. */
  #fault: UserError | undefined;
  #lastAudioMs = performance.now();
  /** The first second, gathered to be judged; undefined once it was. */
  #beginning: Buffer[] | undefined = [];
  #beginningBytes = 0;
  /** Sizes of the beginning at which it is looked at: the header, a quarter of a second, a second. */
  readonly #judgeAtBytes: number[];

  constructor(hello: IngestHello, limits: Limits, feed: Feed) {
    this.#hello = hello;
    this.#limits = limits;
    this.#feed = feed;
    this.#decoder = new PcmDecoder(hello.format, hello.channels);
    const frameBytes = bytesPerSample(hello.format) * hello.channels;
    this.#chunkBytes = Math.round(CHUNK_SECONDS * hello.sampleRate) * frameBytes;
    this.#judgeAtBytes = [CONTAINER_BYTES, this.#chunkBytes, 4 * this.#chunkBytes];
    this.#idleTimer = setInterval(() => this.#watch(), Math.min(1_000, limits.audioIdleMs / 4));
    this.#idleTimer.unref();
  }

  take(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return;
    this.#lastAudioMs = performance.now();
    if (this.#lost) {
      this.#lost = false;
      this.#queue?.notice({ type: 'source-restored', message: 'Audio is coming in again.' });
    }
    if (!this.#judge(bytes)) return;
    this.#waiting.push({ bytes, arrivedAtMs: this.#lastAudioMs });
    this.#waitingBytes += bytes.length;
    this.#decode();
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#feed.fail('internal', 'More audio waits than this server can hold: send it more slowly.');
    }
  }

  /** No more comes; what has come is still heard, and then the stream stops for `fault` where there is one. */
  end(fault?: UserError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#fault = fault;
    clearInterval(this.#idleTimer);
    if (this.#waitingBytes === 0) this.#endQueue();
  }

  #endQueue(): void {
    const fault = this.#fault ?? this.#cutShort();
    if (fault) this.#queue?.fail(fault);
    else this.#queue?.end();
  }

  #cutShort(): UserError | undefined {
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
      const samples = this.#decoder.push(bytes.subarray(0, this.#chunkBytes));
      if (bytes.length > this.#chunkBytes) {
        this.#waiting[0] = { bytes: bytes.subarray(this.#chunkBytes), arrivedAtMs };
      } else this.#waiting.shift();
      this.#waitingBytes -= Math.min(bytes.length, this.#chunkBytes);
      const { sampleRate: sampleRateHz, channels } = this.#hello;
      if (samples.length > 0) queue.push({ type: 'audio', sampleRateHz, channels, samples, arrivedAtMs });
    }
    this.#pause(this.#waiting.length > 0);
    if (this.#ended && this.#waiting.length === 0) this.#endQueue();
  }

  #pause(paused: boolean): void {
    if (paused === this.#paused || this.#ended) return;
    this.#paused = paused;
    if (paused) this.#feed.pause();
    else {
      this.#lastAudioMs = performance.now();
      this.#feed.resume();
    }
  }

  /** False where the first second of audio cannot be what the hello said. */
  #judge(bytes: Uint8Array): boolean {
    if (!this.#beginning) return true;
    this.#beginning.push(Buffer.from(bytes));
    this.#beginningBytes += bytes.length;
    if (this.#beginningBytes < this.#judgeAtBytes[0]!) return true;
    while (this.#judgeAtBytes.length > 0 && this.#beginningBytes >= this.#judgeAtBytes[0]!)
      this.#judgeAtBytes.shift();
    const beginning = Buffer.concat(this.#beginning);
    const { format, channels } = this.#hello;
    const reason = doubt(format, beginning, new PcmDecoder(format, channels).push(beginning));
    if (this.#judgeAtBytes.length === 0) this.#beginning = undefined;
    if (reason === undefined) return true;
    this.#feed.fail('bad-audio', `The audio is not the ${format} that the hello announced: ${reason}.`);
    return false;
  }

  #watch(): void {
    if (this.#paused) return;
    const idleMs = performance.now() - this.#lastAudioMs;
    if (idleMs > this.#limits.audioGoneMs) {
      this.#feed.fail(
        'audio-timeout',
        `No audio came for ${Math.round(idleMs / 1000)} s: the stream has ended.`,
      );
    } else if (idleMs > this.#limits.audioIdleMs && !this.#lost) {
      this.#lost = true;
      const message = `No audio has come for ${Math.round(idleMs / 1000)} s.`;
      this.#queue?.notice({ type: 'source-lost', message });
    }
  }
}

/** The first message of a client that sends audio. */
export const ingestHello = z
  .object(
    {
      type: z.literal('hello', 'expected "hello"'),
      format: z.enum(PCM_FORMATS, `expected one of ${PCM_FORMATS.join(', ')}`),
      sampleRate: z
        .int('expected a whole number of Hz')
        .min(8_000, 'expected at least 8000 Hz')
        .max(192_000, 'expected at most 192000 Hz'),
      channels: z.int('expected a whole number').min(1, 'expected 1 to 32').max(32, 'expected 1 to 32'),
    },
    'expected an object',
  )
  .meta({ id: 'IngestHello' });

export type IngestHello = z.infer<typeof ingestHello>;

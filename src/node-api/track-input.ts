import { cutChunks } from '../stream/chunks.ts';
import { checkFormat } from '../stream/feature-extractor.ts';
import { isPcmFormat, PCM_FORMATS, PcmDecoder, type PcmFormat } from '../stream/pcm.ts';
import { abortable } from '../stream/pull.ts';
import { openRecording } from '../stream/sources/index.ts';
import type { AnalysisRequest, AudioFormat, Source, SourceItem } from '../types.ts';
import { UserError } from '../user-error.ts';

/** Interleaved audio that may be split anywhere: samples of full scale ±1, or bytes in a `PcmFormat`. */
export type PcmChunk = Float32Array | Uint8Array;

/** One piece of PCM, or an iterable of pieces, a Node.js `Readable` or a web `ReadableStream`. */
export type PcmInput = PcmChunk | Iterable<PcmChunk> | AsyncIterable<PcmChunk> | ReadableStream<PcmChunk>;

/** How the PCM is encoded. */
export interface PcmOptions extends AudioFormat {
  /** Encoding of bytes: `u8`, `s16le`, `s24le`, `s32le` or `f32le`. Leave it out for a `Float32Array`. */
  readonly format?: PcmFormat;
}

export interface SourceInputOptions {
  /**
   * Play recordings and the demo in real time, and reconnect to a broadcast when its connection drops.
   * Default: read as fast as the messages are pulled.
   */
  readonly paced?: boolean;
}

/** The path of a file, a web address, a source URI (`soundcard:`, `demo:`), or an object that implements `Source`. */
export type SourceInput = string | URL | Source;

export type TrackInput = SourceInput | PcmInput;
export type TrackInputOptions = SourceInputOptions & Partial<PcmOptions>;

const PCM_NAMES = ['sampleRateHz', 'channels', 'format'];
const EXPECTED = 'a path, a URL, a source, or PCM as Float32Array or Uint8Array or an iterable of them';

/**
 * The source of whatever a caller passes as input. Nothing is opened yet.
 *
 * @throws UserError `bad-input`, `bad-option`, `bad-format`, `bad-source`
 */
export function toSource(input: TrackInput, options: TrackInputOptions): Source {
  if (typeof input === 'string' || input instanceof URL) {
    checkOptions('track', options, ['paced']);
    const { paced = false } = options;
    return openRecording(String(input), { paced, titles: true }).source;
  }
  if (isSource(input)) {
    checkOptions('track', options, []);
    return input;
  }
  checkOptions('track', options, PCM_NAMES);
  return pcmSource(input, pcmOptions(options));
}

function pcmOptions({ sampleRateHz, channels, format }: TrackInputOptions): PcmOptions {
  if (sampleRateHz === undefined || channels === undefined) {
    const missing = sampleRateHz === undefined ? 'sampleRateHz' : 'channels';
    throw new UserError(
      'bad-option',
      `PCM needs the option ${missing}: for example { sampleRateHz: 48000, channels: 2 }.`,
    );
  }
  checkFormat({ sampleRateHz, channels });
  if (format === undefined) return { sampleRateHz, channels };
  if (isPcmFormat(format)) return { sampleRateHz, channels, format };
  throw new UserError(
    'bad-option',
    `The option format is "${String(format)}": expected one of ${PCM_FORMATS.join(', ')}.`,
  );
}

/**
 * Passes a source's items on, and records its error (whose stack and type the tracker's last message does not have)
 * and when it is closed.
 */
export function watchSource(source: Source) {
  let failure: unknown;
  let closed = Promise.resolve();
  return {
    /** The error that ended the source, if any. */
    error: () => failure,
    /** Resolves when the source is closed. */
    closed: () => closed,
    onInternalError(error: unknown) {
      failure ??= error;
    },
    source: {
      uri: source.uri,
      async *open(signal: AbortSignal, analysis?: AnalysisRequest) {
        let close = () => {};
        closed = new Promise((resolve) => {
          close = resolve;
        });
        try {
          yield* abortable(source.open(signal, analysis), signal);
        } catch (cause) {
          failure = cause;
          throw cause instanceof UserError ? cause : inputFailed(cause);
        } finally {
          close();
        }
      },
    },
  };
}

function inputFailed(cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError('input-failed', `The input failed: ${reason}`, { cause });
}

/** @throws UserError `bad-option` for an unknown name, usually a typo */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  const unknown = Object.entries(options).find(
    ([name, value]) => value !== undefined && !known.includes(name),
  );
  if (!unknown) return;
  const expected = known.length > 0 ? `expected ${known.join(', ')}` : 'none is expected for this input';
  throw new UserError('bad-option', `${what} has no option "${unknown[0]}": ${expected}.`);
}

function isSource(input: Exclude<TrackInput, string | URL>): input is Source {
  return typeof (input as Partial<Source> | null)?.open === 'function';
}

function pcmSource(input: PcmInput, options: PcmOptions): Source {
  const chunks = chunksOf(input);
  return { uri: 'pcm:', open: (signal) => decodePcm(chunks, options, signal) };
}

function chunksOf(input: PcmInput): AsyncIterable<PcmChunk> {
  if (isChunk(input)) return asAsync([input]);
  if (typeof input === 'object' && input !== null) {
    if (Symbol.asyncIterator in input) return input as AsyncIterable<PcmChunk>;
    if (Symbol.iterator in input) return asAsync(input);
  }
  throw new UserError('bad-input', `The type of the input is not supported: expected ${EXPECTED}.`);
}

async function* asAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function* decodePcm(
  chunks: AsyncIterable<PcmChunk>,
  { sampleRateHz, channels, format }: PcmOptions,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void, undefined> {
  const decoder = new PcmDecoder(format ?? 'f32le', channels);
  for await (const chunk of chunks) {
    // A fresh array: the caller may reuse its own.
    const samples = decoder.push(bytesOf(chunk, format));
    yield* cutChunks({ sampleRateHz, channels, samples });
  }
  if (signal.aborted || decoder.remainderBytes === 0) return;
  const what = `${format ?? 'samples'} with ${channels} channels`;
  throw new UserError('truncated-audio', `The PCM ended within a frame: check that it is ${what}.`);
}

function bytesOf(chunk: PcmChunk, format: PcmFormat | undefined): Uint8Array {
  if (format === undefined) {
    // Typed arrays are little-endian on every platform of the wasm engine.
    if (chunk instanceof Float32Array)
      return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const message = isChunk(chunk)
      ? 'The PCM is bytes: set the option format, for example "s16le".'
      : 'The PCM has a piece that is not a Float32Array: expected samples of full scale ±1.';
    throw new UserError('bad-input', message);
  }
  if (chunk instanceof Uint8Array) return chunk;
  const message = `The PCM has a piece that is not a Uint8Array: expected bytes in ${format}.`;
  throw new UserError('bad-input', message);
}

function isChunk(input: unknown): input is PcmChunk {
  return input instanceof Float32Array || input instanceof Uint8Array;
}

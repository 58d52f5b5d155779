import { setImmediate } from 'node:timers/promises';
import type { AudioChunk } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { concatBytes } from '../../util/bytes.ts';
import { cutChunks } from '../chunks.ts';
import { abortable } from '../pull.ts';
import { type Decoded, HEAD_BYTES } from './decoder.ts';
import { skipId3 } from './id3.ts';
import { reordering } from './index-first.ts';
import { KNOWN_FORMATS } from './open-decoder.ts';
import { RecordingDecoder } from './recording.ts';
import { SilenceLimit } from './silence-limit.ts';

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  /** The recording's name at the start of a sentence in errors: `song.ogg`, `Standard input`. */
  readonly name?: string;
  /** Decode much at once, up to some seconds: for a thread that does nothing else. */
  readonly largePieces?: boolean;
}

/** One piece blocks the event loop while it is decoded: up to 20 ms for the densest codecs. */
const PIECE_BYTES = 8192;
/** A thread that only decodes takes more at once: then the work for each piece does not count. */
const LARGE_PIECE_BYTES = 65_536;
/** Limit of the bytes kept for an MP4 or CAF over a pipe whose index comes last: hours of music. */
const MAX_HELD_BYTES = 256 * 2 ** 20;

/**
 * Decodes a recording of any format and length into chunks of at most 0.5 s, or as they come with `largePieces`. It decodes no further ahead than the
 * consumer pulls and never holds the whole recording. The samples do not depend on how the bytes are cut.
 *
 * @throws UserError, after the samples that could be decoded: `bad-audio` for input that is not audio or is
 *   damaged, `truncated-audio` for a recording that ends too early, `no-audio` for one that goes on without audio
 */
export async function* decodeStream(
  bytes: AsyncIterable<Uint8Array>,
  { signal, name = 'The input', largePieces = false }: DecodeOptions = {},
): AsyncGenerator<AudioChunk, void, undefined> {
  const fault = new FaultHolder();
  const input = skipId3(fault.until(abortable(bytes, signal)));
  const recording = new RecordingDecoder(name);
  const silence = new SilenceLimit(name);
  const emit = function* (decoded: Decoded) {
    for (const audio of decoded) {
      for (const chunk of cutChunks(audio, largePieces ? Infinity : undefined)) {
        if (signal?.aborted) return;
        yield chunk;
      }
    }
  };
  try {
    const head = await takeHead(input);
    if (signal?.aborted) return;
    if (head.length > 0) {
      const size = largePieces ? LARGE_PIECE_BYTES : PIECE_BYTES;
      for await (const piece of pieces(head, input, name, size)) {
        const decoded = await recording.decode(piece);
        // Before the samples are passed on: their memory may be handed over to another thread.
        const silent = silence.check(piece.length, decoded, recording);
        yield* emit(decoded);
        if (recording.failure) throw recording.failure;
        if (silent) throw silent;
        // Decoding never waits by itself, so give other streams a turn.
        await setImmediate();
        if (signal?.aborted) return;
      }
      if (signal?.aborted) return;
      yield* emit(await recording.flush());
    }
    // What had arrived before the input failed is decoded by now.
    if (fault.error !== undefined) throw fault.error;
    if (head.length === 0) throw new UserError('bad-audio', `${name} is empty: expected ${KNOWN_FORMATS}.`);
    if (recording.failure) throw recording.failure;
    if (recording.truncated) {
      const message = `${name} is cut short or damaged: only its first ${recording.seconds.toFixed(1)} s could be read; get the whole file.`;
      throw new UserError('truncated-audio', message);
    }
  } finally {
    recording.free();
    await input.return();
  }
}

/** Turns an error of the input into its end, and keeps it. */
class FaultHolder {
  error: unknown;

  async *until(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* bytes;
    } catch (error) {
      this.error = error;
    }
  }
}

/** The first bytes, enough to detect the format; all of a shorter input. */
async function takeHead(input: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  while (head.length < HEAD_BYTES) {
    const next = await input.next();
    if (next.done) break;
    head = concatBytes(head, next.value);
  }
  return head;
}

async function* pieces(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  name: string,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reorder = reordering(head);
  const ordered = reorder ? indexFirst({ head, rest, name, reorder }) : chain(head, rest);
  for await (const bytes of ordered) {
    // Not a Buffer: codecs expect slice() to copy, and Buffer's slice() returns a view.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < plain.length; at += size) yield plain.subarray(at, at + size);
  }
}

async function* chain(head: Uint8Array, rest: AsyncGenerator<Uint8Array>) {
  yield head;
  yield* rest;
}

/** A pipe has no random access, so the compressed bytes are kept until the index arrives. */
async function* indexFirst({
  head,
  rest,
  name,
  reorder,
}: {
  head: Uint8Array;
  rest: AsyncGenerator<Uint8Array>;
  name: string;
  reorder: NonNullable<ReturnType<typeof reordering>>;
}) {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of chain(head, rest)) {
    size += bytes.length;
    if (size > MAX_HELD_BYTES) {
      const message = `${name} has its index after more than ${MAX_HELD_BYTES / 2 ** 20} MB of samples, too many for a pipe: give it as a file, or convert it to FLAC or MP3.`;
      throw new UserError('bad-audio', message);
    }
    held.push(bytes);
  }
  const whole = Buffer.concat(held);
  yield* reorder({ size, read: async (at, length) => whole.subarray(at, at + length) });
}

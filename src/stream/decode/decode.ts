import { setImmediate } from 'node:timers/promises';
import type { AudioChunk } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { abortable, cutChunks } from '../chunks.ts';
import { openCodec } from './codec.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { detectType, HEAD_BYTES } from './detect-type.ts';
import { withoutId3 } from './id3.ts';
import { moovFirst, samplesComeFirst } from './moov-first.ts';
import { WavDecoder } from './wav.ts';

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  /** What the recording is called at the start of a sentence: `song.ogg`, `Standard input`. */
  readonly name?: string;
}

/** A piece is decoded in one go, up to 20 ms of work for the densest codecs; other streams wait that long. */
const PIECE_BYTES = 8192;
/** Compressed bytes held for an MP4 over a pipe whose index comes last: hours of music. */
const MAX_HELD_BYTES = 256 * 2 ** 20;
const KNOWN = 'WAV, MP3, FLAC, Ogg Vorbis, Opus, AAC, M4A, WebM, AIFF, CAF or WMA';

/**
 * A recording of any format and length as chunks of at most 0.5 s, decoded no further ahead than the
 * consumer pulls and never held whole. The same samples come whatever the sizes of the bytes' pieces.
 *
 * @throws UserError `bad-audio` for what is no audio, after the samples that could be decoded;
 *   `truncated-audio` after the last of them where the recording ends before its own end
 */
export async function* decodeStream(
  bytes: AsyncIterable<Uint8Array>,
  { signal, name = 'The input' }: DecodeOptions = {},
): AsyncGenerator<AudioChunk, void, undefined> {
  const input = withoutId3(abortable(bytes, signal));
  let decoder: Decoder | undefined;
  let type: string | undefined;
  let seconds = 0;
  const emit = function* (decoded: Decoded) {
    for (const audio of decoded) {
      seconds += audio.samples.length / audio.channels / audio.sampleRateHz;
      yield* cutChunks(audio);
    }
  };
  try {
    const head = await takeHead(input);
    if (signal?.aborted) return;
    if (head.length === 0) throw new UserError('bad-audio', `${name} is empty: expected ${KNOWN}.`);
    ({ type, decoder } = await openDecoder(head, name));
    for await (const piece of pieces(type, head, input, name)) {
      yield* emit(await decoder.decode(piece));
      // Decoding never waits by itself: let others have their turn.
      await setImmediate();
      if (signal?.aborted) return;
    }
    if (signal?.aborted) return;
    yield* emit(await decoder.flush());
    if (seconds === 0) throw new Error('Nothing was decoded.');
    if (decoder.truncated) {
      const message = `${name} is cut short or damaged: only its first ${seconds.toFixed(1)} s could be read; get the whole file.`;
      throw new UserError('truncated-audio', message);
    }
  } catch (cause) {
    if (cause instanceof UserError || type === undefined) throw cause;
    throw new UserError('bad-audio', unreadable(name, type, seconds), { cause });
  } finally {
    decoder?.free();
    await input.return();
  }
}

function unreadable(name: string, type: string, seconds: number): string {
  return seconds > 0
    ? `${name} is damaged after ${seconds.toFixed(1)} s: expected a whole ${type} recording; try to convert it again.`
    : `${name} has no audio that can be read: it looks like ${type === 'oga' ? 'ogg' : type} but nothing in it decodes; expected ${KNOWN}.`;
}

async function openDecoder(head: Uint8Array, name: string): Promise<{ type: string; decoder: Decoder }> {
  const type = detectType(head);
  if (type === 'wav') {
    const openCompressed = async () => (await openCodec('wav'))!;
    return { type, decoder: new WavDecoder(openCompressed) };
  }
  const decoder = type ? await openCodec(type) : undefined;
  if (type && decoder) return { type, decoder };
  const what = type ? `${type}, which undertone cannot decode` : 'not audio that undertone knows';
  throw new UserError('bad-audio', `${name} is ${what}: expected ${KNOWN}.`);
}

/** The first bytes, enough to tell the format by; all there is where there is less. */
async function takeHead(input: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  while (head.length < HEAD_BYTES) {
    const next = await input.next();
    if (next.done) break;
    const joined = new Uint8Array(head.length + next.value.length);
    joined.set(head);
    joined.set(next.value, head.length);
    head = joined;
  }
  return head;
}

async function* pieces(
  type: string,
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const isMp4 = type === 'm4a' || type === 'mp4' || type === 'mov';
  const ordered = isMp4 && samplesComeFirst(head) ? indexFirst(head, rest, name) : chain(head, rest);
  for await (const bytes of ordered) {
    // Not a Buffer: its slice() is a view, where codecs mean a copy.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < plain.length; at += PIECE_BYTES) yield plain.subarray(at, at + PIECE_BYTES);
  }
}

async function* chain(head: Uint8Array, rest: AsyncGenerator<Uint8Array>) {
  yield head;
  yield* rest;
}

/** Over a pipe nothing can be read ahead, so the compressed bytes are held until the index comes. */
async function* indexFirst(head: Uint8Array, rest: AsyncGenerator<Uint8Array>, name: string) {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of chain(head, rest)) {
    size += bytes.length;
    if (size > MAX_HELD_BYTES) {
      const message = `${name} is an MP4 over ${MAX_HELD_BYTES / 2 ** 20} MB with its index at the end, too large for a pipe: give it as a file, or convert it with -movflags +faststart.`;
      throw new UserError('bad-audio', message);
    }
    held.push(bytes);
  }
  const whole = Buffer.concat(held);
  yield* moovFirst({ size, read: async (at, length) => whole.subarray(at, at + length) });
}

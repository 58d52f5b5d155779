import { brotliCompressSync, brotliDecompressSync, constants, crc32 } from 'node:zlib';
import { z } from 'zod';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { decodeVersion1 } from '../migrations/block-version-1/decode-block.ts';
import { columnsOf, type FrameColumns, frameReader, nullsOf, type ReadColumn } from './frame-columns.ts';
import {
  type ColumnHead,
  FLOAT64,
  packColumns,
  unpackFloats,
  unpackWhole,
  weightedSum,
} from './number-column.ts';

/**
 * A block: up to some thousand frames of one run as bytes.
 *
 *     1 byte    version: 2
 *     n bytes   a Brotli stream (RFC 7932)
 *     4 bytes   CRC-32 of everything before, big-endian
 *
 * The decompressed stream is one line of JSON (UTF-8, ended by a line feed), the header, and then the bytes of all
 * columns in the order of the header, without anything between them. The header:
 *
 *     { "frames": 2400,
 *       "words": { "mood": ["calm", "happy"] },
 *       "columns": [{ "name": "seq", "decimals": 0, "width": 0, "steps": true, "start": 0, "guess": [] }, …] }
 *
 * A column has one number for each frame and takes `frames · width` bytes. number-column.ts describes how its numbers
 * are coded, frame-columns.ts which columns a frame has and what they mean. `words` are the dictionaries of columns
 * that have words.
 */
const VERSION = 2;
const CHECKSUM_BYTES = 4;
const LINE_FEED = 10;

/**
 * Quality 5 takes 3 ms for 20 minutes of a stream; quality 10 takes 60 ms and saves a tenth. A window of 1 KiB (2^10)
 * suffices: references to bytes further back cost more than they save.
 */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 10 } };

/** Limits for damaged blocks, so that they cannot allocate much; real blocks have 2,400 frames in about 1 MiB. */
const MAX_FRAMES = 100_000;
const MAX_BYTES = 64 * 1024 * 1024;

const header = z.object({
  frames: z.int().min(0).max(MAX_FRAMES),
  words: z.record(z.string(), z.array(z.string())),
  columns: z.array(
    z.object({
      name: z.string(),
      decimals: z.int().min(FLOAT64).max(15),
      width: z.int().min(0).max(8),
      steps: z.boolean(),
      start: z.number(),
      guess: z.array(z.tuple([z.int().min(0), z.number()])),
    }),
  ),
});

/**
 * Encodes frames of one run, oldest first, at most 100,000. Decoding gives equal frames. `stream` and `t` are not
 * stored: the stream is known from the run, and `t` follows from `seq`.
 */
export function encodeBlock(frames: readonly EmotionFrame[]): Uint8Array {
  if (frames.length > MAX_FRAMES) throw new RangeError(`A block has at most ${MAX_FRAMES} frames.`);
  const { columns, words } = columnsOf(frames);
  const packed = packColumns(columns);
  const head: z.infer<typeof header> = {
    frames: frames.length,
    words: words as Record<string, string[]>,
    columns: packed.map((column) => column.head as z.infer<typeof header>['columns'][number]),
  };
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  const content = brotliCompressSync(Buffer.concat([line, ...packed.map(({ bytes }) => bytes)]), BROTLI);
  const block = Buffer.alloc(1 + content.length + CHECKSUM_BYTES);
  block.writeUInt8(VERSION);
  block.set(content, 1);
  block.writeUInt32BE(crc32(block.subarray(0, -CHECKSUM_BYTES)), 1 + content.length);
  return block;
}

/** A decoded block, which makes its frames on demand. */
export interface OpenFrames {
  /** [frames] */
  readonly seq: Float64Array;
  /** [frames], ms since 1970 */
  readonly timeMs: Float64Array;
  /** The frame of a row, as it was emitted. */
  readonly frame: (row: number) => EmotionFrame;
}

/** @throws UserError `log-damaged`, `log-too-new` */
export function openFrames(bytes: Uint8Array, stream: string): OpenFrames {
  const { read, words } = openBlock(bytes);
  return {
    seq: required(read, 'seq'),
    timeMs: required(read, 'time'),
    frame: frameReader(read, words, stream),
  };
}

/**
 * All frames of a block.
 *
 * @throws UserError `log-damaged`, `log-too-new`
 */
export function decodeFrames(bytes: Uint8Array, stream: string): EmotionFrame[] {
  const { seq, frame } = openFrames(bytes, stream);
  return Array.from(seq, (_, row) => frame(row));
}

/** The columns that buckets are computed from, all of the same length; NaN if a step has no value. */
export interface StepColumns {
  readonly seq: Float64Array;
  readonly timeMs: Float64Array;
  /** Index in ACTIVITIES. */
  readonly activity: ArrayLike<number>;
  /** Index in `moods` plus 1; 0 for none. */
  readonly mood: ArrayLike<number>;
  readonly moods: readonly string[];
  readonly valence: Float64Array;
  readonly arousal: Float64Array;
  readonly loudness: Float64Array;
  readonly confidence: Float64Array;
}

/**
 * Decodes only the columns that buckets need, in a fraction of the time.
 *
 * @throws UserError `log-damaged`, `log-too-new`
 */
export function decodeSteps(bytes: Uint8Array): StepColumns {
  const { read, words } = openBlock(bytes);
  const orNaN = (name: string) => {
    const nulls = read(nullsOf(name));
    const values = required(read, name);
    return nulls ? values.map((value, row) => (nulls[row] === 1 ? Number.NaN : value)) : values;
  };
  return {
    seq: required(read, 'seq'),
    timeMs: required(read, 'time'),
    activity: required(read, 'activity'),
    mood: required(read, 'mood'),
    moods: words.mood ?? [],
    valence: orNaN('valence'),
    arousal: orNaN('arousal'),
    loudness: orNaN('loudness'),
    confidence: orNaN('confidence'),
  };
}

function required(read: ReadColumn, name: string): Float64Array {
  const values = read(name);
  if (!values) throw damaged(`a block has no column "${name}"`);
  return values;
}

interface Block {
  readonly words: FrameColumns['words'];
  readonly read: ReadColumn;
}

function openBlock(bytes: Uint8Array): Block {
  const end = bytes.length - CHECKSUM_BYTES;
  const content = bytes.subarray(0, Math.max(0, end));
  if (end < 1 || new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0) !== crc32(content))
    throw damaged('the checksum of a block does not match');
  const version = content[0]!;
  if (version > VERSION)
    throw new UserError(
      'log-too-new',
      `A block of the log has version ${version}, which this undertone does not know: update undertone.`,
    );
  try {
    return version === 1 ? openVersion1(content) : openVersion2(content.subarray(1));
  } catch (cause) {
    throw damaged('the content of a block is invalid', cause);
  }
}

/** Up to schema 3, the log wrote blocks of version 1. */
function openVersion1(content: Uint8Array): Block {
  const { columns, words } = columnsOf(decodeVersion1(content, ''));
  const read: ReadColumn = (name) => columns.find((column) => column.name === name)?.values;
  return { words, read };
}

/** Checks the whole header, so that decoding a column later cannot fail. */
function openVersion2(compressed: Uint8Array): Block {
  const data = brotliDecompressSync(compressed, { maxOutputLength: MAX_BYTES });
  const lineEnd = data.indexOf(LINE_FEED);
  const { frames, words, columns } = header.parse(JSON.parse(data.toString('utf8', 0, lineEnd)));
  const parts: Uint8Array[] = [];
  let next = lineEnd + 1;
  for (const [place, { decimals, width, guess }] of columns.entries()) {
    if (decimals === FLOAT64 && width !== 8) throw new RangeError('A float has 8 bytes.');
    for (const [other] of guess)
      if (other >= place || columns[other]!.decimals === FLOAT64)
        throw new RangeError('A guess refers to an earlier column of whole numbers.');
    parts.push(data.subarray(next, next + width * frames));
    next += width * frames;
  }
  if (next !== data.length) throw new RangeError('The columns have another length than the header states.');
  return { words, read: columnReader(columns, parts, frames) };
}

/** Decodes each column once, when it is first read, with the columns that its guess refers to. */
function columnReader(
  columns: readonly ColumnHead[],
  parts: readonly Uint8Array[],
  frames: number,
): ReadColumn {
  const wholes: (Float64Array | undefined)[] = [];
  const wholeAt = (place: number): Float64Array => {
    const column = columns[place]!;
    const terms = () => column.guess.map(([other, weight]) => ({ whole: wholeAt(other), weight }));
    wholes[place] ??= unpackWhole(parts[place]!, frames, column, weightedSum(terms()));
    return wholes[place];
  };
  return (name) => {
    const place = columns.findIndex((column) => column.name === name);
    if (place < 0) return undefined;
    const { decimals } = columns[place]!;
    if (decimals === FLOAT64) return unpackFloats(parts[place]!);
    const scale = 10 ** decimals;
    return scale === 1 ? wholeAt(place) : wholeAt(place).map((value) => value / scale);
  };
}

function damaged(reason: string, cause?: unknown): UserError {
  return new UserError(
    'log-damaged',
    `Part of the log cannot be read (${reason}): run "undertone doctor --full", and restore a backup.`,
    { cause },
  );
}

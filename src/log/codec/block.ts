import { brotliCompressSync, brotliDecompressSync, constants, crc32 } from 'node:zlib';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { decodeVersion1 } from '../migrations/block-version-1/decode-block.ts';
import {
  type Column,
  columnsOf,
  type FrameColumns,
  frameReader,
  nullsOf,
  type ReadColumn,
} from './frame-columns.ts';
import {
  bytesToFloats,
  type ColumnHead,
  FLOAT64,
  floatsToBytes,
  guessFrom,
  packWhole,
  toWhole,
  unpackWhole,
} from './number-column.ts';

/**
 * Frames of one run as a block of bytes: a byte that names the version, a Brotli stream, and the CRC-32 of
 * both. The stream has a line of JSON that describes the columns, then their bytes one after the other.
 */
const VERSION = 2;
const CHECKSUM_BYTES = 4;
const LINE_END = 10;

/**
 * Quality 5 takes 3 ms for 20 minutes of a stream; 10 takes 60 ms for a tenth less. Numbers repeat only
 * close by: matches from further away than 1 KiB (2^10) cost more than they save.
 */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 10 } };

interface Head {
  readonly frames: number;
  readonly words: FrameColumns['words'];
  readonly columns: readonly ColumnHead[];
}

/** What buckets are made of, step by step. NaN: the step does not have it. */
export interface StepColumns {
  readonly timeMs: Float64Array;
  /** Places in ACTIVITIES. */
  readonly activity: ArrayLike<number>;
  /** Places in `moods` + 1; 0 for none. */
  readonly mood: ArrayLike<number>;
  readonly moods: readonly string[];
  readonly valence: Float64Array;
  readonly arousal: Float64Array;
  readonly loudness: Float64Array;
  readonly confidence: Float64Array;
}

/**
 * Frames, oldest first, as bytes from which they come back exactly as they were, but for `stream` (the run
 * has it) and `t` (it follows from `seq`).
 */
export function encodeBlock(frames: readonly EmotionFrame[]): Uint8Array {
  const { columns, words } = columnsOf(frames);
  const packed = packColumns(columns);
  const head: Head = { frames: frames.length, words, columns: packed.map((column) => column.head) };
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  const content = brotliCompressSync(Buffer.concat([line, ...packed.map(({ bytes }) => bytes)]), BROTLI);
  const block = Buffer.alloc(1 + content.length + CHECKSUM_BYTES);
  block.writeUInt8(VERSION);
  block.set(content, 1);
  block.writeUInt32BE(crc32(block.subarray(0, -CHECKSUM_BYTES)), 1 + content.length);
  return block;
}

/** A block whose frames are made as they are asked for. */
export interface OpenFrames {
  readonly seq: Float64Array;
  readonly timeMs: Float64Array;
  /** The frame of a row, exactly as it was emitted. */
  readonly frame: (row: number) => EmotionFrame;
}

export function openFrames(bytes: Uint8Array, stream: string): OpenFrames {
  const { read, words } = open(bytes);
  return { seq: read('seq')!, timeMs: read('time')!, frame: frameReader(read, words, stream) };
}

/** All frames of a block. */
export function decodeFrames(bytes: Uint8Array, stream: string): EmotionFrame[] {
  const { seq, frame } = openFrames(bytes, stream);
  return Array.from(seq, (_, row) => frame(row));
}

/** The part of a block that buckets need, at a fraction of the time. */
export function decodeSteps(bytes: Uint8Array): StepColumns {
  const { read, words } = open(bytes);
  const orNaN = (name: string) => {
    const nulls = read(nullsOf(name));
    const values = read(name)!;
    return nulls ? values.map((value, row) => (nulls[row] === 1 ? Number.NaN : value)) : values;
  };
  return {
    timeMs: read('time')!,
    activity: read('activity')!,
    mood: read('mood')!,
    moods: words.mood!,
    valence: orNaN('valence'),
    arousal: orNaN('arousal'),
    loudness: orNaN('loudness'),
    confidence: orNaN('confidence'),
  };
}

interface Packed {
  readonly head: ColumnHead;
  readonly bytes: Uint8Array;
  readonly whole: Float64Array | undefined;
}

function packColumns(columns: readonly Column[]): Packed[] {
  const packed: Packed[] = [];
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  for (const { name, values, decimals: units, guess: guesses, steps } of columns) {
    const { decimals, whole } = wholeIn(units, values);
    const near = guesses.map(([other, weight]) => [places.get(other)!, weight] as const);
    const guess = near.every(([place]) => packed[place]!.head.decimals === decimals) ? near : [];
    const terms = guess.map(([place, weight]) => ({ whole: packed[place]!.whole!, weight }));
    const { bytes, start, width } = whole
      ? packWhole(whole, guessFrom(terms), steps)
      : { bytes: floatsToBytes(values), start: 0, width: 8 };
    packed.push({ head: { name, decimals, width, steps, start, guess }, bytes, whole });
  }
  return packed;
}

function wholeIn(units: readonly number[], values: Float64Array) {
  for (const decimals of units) {
    const whole = toWhole(values, decimals);
    if (whole) return { decimals, whole };
  }
  return { decimals: FLOAT64, whole: undefined };
}

interface OpenBlock {
  readonly words: FrameColumns['words'];
  readonly read: ReadColumn;
}

function open(bytes: Uint8Array): OpenBlock {
  const end = bytes.length - CHECKSUM_BYTES;
  const content = bytes.subarray(0, Math.max(0, end));
  if (end < 1 || new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0) !== crc32(content))
    throw damaged('the checksum of a block is wrong');
  switch (content[0]) {
    case 1:
      return openVersion1(content);
    case VERSION:
      return openColumns(brotliDecompressSync(content.subarray(1)));
    default:
      throw new RangeError(
        `A block of the log has the version ${content[0]}, which this undertone does not know.`,
      );
  }
}

/** Columns are unpacked when they are asked for, and once. */
function openColumns(data: Buffer): OpenBlock {
  const lineEnd = data.indexOf(LINE_END);
  const { frames, words, columns } = JSON.parse(data.toString('utf8', 0, lineEnd)) as Head;
  const parts: Uint8Array[] = [];
  let next = lineEnd + 1;
  for (const { width } of columns) {
    parts.push(data.subarray(next, next + width * frames));
    next += width * frames;
  }
  const wholes: (Float64Array | undefined)[] = [];
  const wholeAt = (place: number): Float64Array => {
    const column = columns[place]!;
    const terms = () => column.guess.map(([other, weight]) => ({ whole: wholeAt(other), weight }));
    wholes[place] ??= unpackWhole(parts[place]!, frames, column, guessFrom(terms()));
    return wholes[place];
  };
  const read: ReadColumn = (name) => {
    const place = columns.findIndex((column) => column.name === name);
    if (place < 0) return undefined;
    const { decimals } = columns[place]!;
    if (decimals === FLOAT64) return bytesToFloats(parts[place]!);
    const scale = 10 ** decimals;
    return scale === 1 ? wholeAt(place) : wholeAt(place).map((value) => value / scale);
  };
  return { words, read };
}

/** As the log packed frames up to schema 3. */
function openVersion1(content: Uint8Array): OpenBlock {
  const { columns, words } = columnsOf(decodeVersion1(content, ''));
  const read: ReadColumn = (name) => columns.find((column) => column.name === name)?.values;
  return { words, read };
}

/** A block that is not what was once written. */
function damaged(reason: string): UserError {
  return new UserError(
    'log-damaged',
    `A part of the log cannot be read (${reason}): run "undertone doctor --full", and put a backup in its place.`,
  );
}

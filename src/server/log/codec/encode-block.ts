import { crc32 } from 'node:zlib';
import { ACTIVITIES, type EmotionFrame } from '../../../types.ts';
import { BitWriter } from './bit-writer.ts';
import { type Column, knownFor, planColumns, type Shape } from './block-columns.ts';
import { toWhole, writeExact, writeWhole } from './number-column.ts';
import { writeRuns } from './runs.ts';

/** First byte of a block. A block of another version is never misread: it is refused. */
export const BLOCK_VERSION = 1;
export const CHECKSUM_BYTES = 4;

/**
 * Frames of one run, oldest first, as one block of bytes from which they come back exactly as they were,
 * but for `stream` (the run has it) and `t` (`STEP_SECONDS · (seq + 1)`). About 31 bytes a frame of music.
 *
 * Column by column: each number is guessed from what comes before it (predictors.ts), and what the guess
 * misses is Huffman coded (residuals.ts). It yields between columns, so that whoever has other things to
 * do can do them in between.
 */
export function* encodeBlock(frames: readonly EmotionFrame[]): Generator<void, Uint8Array> {
  const out = new BitWriter();
  out.bits(BLOCK_VERSION, 8);
  out.varint(frames.length);
  writeWhole(
    out,
    Float64Array.from(frames, (frame) => frame.seq),
    {},
  );
  writeWhole(
    out,
    Float64Array.from(frames, (frame) => Date.parse(frame.time)),
    {},
  );
  writeRuns(
    out,
    frames.map((frame) => ACTIVITIES.indexOf(frame.activity)),
  );
  writeWords(
    out,
    frames.map((frame) => frame.mood),
  );
  const { shapes, shapeOf } = shapesOf(frames);
  out.varint(shapes.length);
  for (const shape of shapes) {
    out.varint(shape.length);
    for (const horizon of shape) out.float64(horizon);
  }
  writeRuns(out, shapeOf);

  const rowSets = new RowSets(frames.length);
  const columns = new Map<string, Column>();
  for (const column of planColumns(shapes)) {
    const part = new BitWriter();
    const has = frames.map((frame, i) =>
      column.shape === undefined ? column.get(frame) !== null : shapeOf[i] === column.shape + 1,
    );
    const rows = rowSets.rowsWhere((i) => has[i]!);
    if (column.shape === undefined) writeRuns(part, has.map(Number));
    part.align();
    const values = Array.from(rows, (row) => column.get(frames[row]!)!);
    const [index, whole] = firstWhole(values, column.scales);
    part.bits(index, 8);
    if (whole) {
      const known = knownFor(column, rows, columns);
      writeWhole(part, whole, known);
      const { base } = known;
      const own = base ? whole.map((value, i) => value - base[i]!) : whole;
      if (column.scales[index] === 1e6) columns.set(column.key, { rows, values: whole, own });
    } else writeExact(part, values);
    const bytes = part.finish();
    out.align();
    out.varint(bytes.length);
    out.bytes(bytes);
    yield;
  }
  return sealed(out.finish());
}

/** Ends a block with its checksum: what a disk gave back wrong is never taken for frames. */
function sealed(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + CHECKSUM_BYTES);
  whole.set(bytes);
  new DataView(whole.buffer).setUint32(bytes.length, crc32(bytes));
  return whole;
}

/** The same without a pause. */
export function encodeBlockNow(frames: readonly EmotionFrame[]): Uint8Array {
  const steps = encodeBlock(frames);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function firstWhole(
  values: readonly number[],
  scales: readonly number[],
): [number, Float64Array | undefined] {
  for (const [index, scale] of scales.entries()) {
    const whole = toWhole(values, scale);
    if (whole) return [index, whole];
  }
  return [0, undefined];
}

function shapesOf(frames: readonly EmotionFrame[]): { shapes: Shape[]; shapeOf: number[] } {
  const shapes: Shape[] = [];
  const places = new Map<string, number>();
  const shapeOf = frames.map(({ forecast }) => {
    if (forecast.length === 0) return 0;
    const shape = forecast.map(({ horizon }) => horizon);
    const key = shape.join();
    const place = places.get(key);
    if (place !== undefined) return place;
    shapes.push(shape);
    places.set(key, shapes.length);
    return shapes.length;
  });
  return { shapes, shapeOf };
}

function writeWords(out: BitWriter, words: readonly (string | null)[]): void {
  const dictionary = [...new Set(words.filter((word) => word !== null))];
  out.varint(dictionary.length);
  for (const word of dictionary) {
    const bytes = new TextEncoder().encode(word);
    out.varint(bytes.length);
    out.bytes(bytes);
  }
  writeRuns(
    out,
    words.map((word) => (word === null ? 0 : dictionary.indexOf(word) + 1)),
  );
}

/** Sets of rows, each of them once: so two columns with the same rows have the same array. */
export class RowSets {
  readonly #count: number;
  readonly #sets = new Map<string, Uint32Array>();

  constructor(count: number) {
    this.#count = count;
  }

  rowsWhere(has: (row: number) => boolean): Uint32Array {
    const rows: number[] = [];
    let key = '';
    let before = false;
    for (let row = 0; row < this.#count; row++) {
      const now = has(row);
      if (now) rows.push(row);
      if (now !== before) key += `${row} `;
      before = now;
    }
    const same = this.#sets.get(key);
    if (same) return same;
    const set = Uint32Array.from(rows);
    this.#sets.set(key, set);
    return set;
  }
}

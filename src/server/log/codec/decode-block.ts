import { crc32 } from 'node:zlib';
import { ACTIVITIES, type EmotionFrame, type Forecast, STEP_SECONDS } from '../../../types.ts';
import { BitReader } from './bit-reader.ts';
import {
  BUCKET_COLUMNS,
  type Column,
  type ColumnPlan,
  knownFor,
  planColumns,
  type Shape,
} from './block-columns.ts';
import { damaged } from './damaged.ts';
import { BLOCK_VERSION, CHECKSUM_BYTES, RowSets } from './encode-block.ts';
import { readNumbers } from './number-column.ts';
import { readRuns } from './runs.ts';

/** What buckets are made of, step by step. NaN: the step does not have it. */
export interface StepColumns {
  readonly timeMs: Float64Array;
  /** Places in ACTIVITIES. */
  readonly activity: Uint16Array;
  /** Places in `moods` + 1; 0 for none. */
  readonly mood: Uint16Array;
  readonly moods: readonly string[];
  readonly valence: Float64Array;
  readonly arousal: Float64Array;
  readonly loudness: Float64Array;
  readonly confidence: Float64Array;
}

/** The frames of a block, exactly as they were emitted. */
export function decodeFrames(bytes: Uint8Array, stream: string): EmotionFrame[] {
  const block = readBlock(bytes, Number.POSITIVE_INFINITY);
  const { head, numbers } = block;
  const all = (key: string) => expand(block, key);
  const valence = all('valence');
  const arousal = all('arousal');
  const valenceSd = all('valenceSd');
  const arousalSd = all('arousalSd');
  const loudness = all('loudness');
  const latencyMs = all('latencyMs');
  const confidence = confidenceOf(block);
  const forecasts = forecastsOf(block);
  const orNull = (value: number) => (Number.isNaN(value) ? null : value);
  const frames: EmotionFrame[] = new Array(head.count);
  for (let i = 0; i < head.count; i++) {
    const seq = numbers.seq[i]!;
    frames[i] = {
      type: 'emotion',
      stream,
      seq,
      t: STEP_SECONDS * (seq + 1),
      time: new Date(numbers.timeMs[i]!).toISOString(),
      valence: orNull(valence[i]!),
      arousal: orNull(arousal[i]!),
      valenceSd: orNull(valenceSd[i]!),
      arousalSd: orNull(arousalSd[i]!),
      forecast: forecasts[i]!,
      mood: head.mood[i] === 0 ? null : head.moods[head.mood[i]! - 1]!,
      loudness: orNull(loudness[i]!),
      activity: ACTIVITIES[head.activity[i]!] ?? 'silence',
      confidence: confidence[i]!,
      latencyMs: latencyMs[i]!,
    };
  }
  return frames;
}

/** The part of a block that buckets need, at about an eighth of the time. */
export function decodeSteps(bytes: Uint8Array): StepColumns {
  const block = readBlock(bytes, BUCKET_COLUMNS);
  const { activity, mood, moods } = block.head;
  return {
    timeMs: block.numbers.timeMs,
    activity,
    mood,
    moods,
    valence: expand(block, 'valence'),
    arousal: expand(block, 'arousal'),
    loudness: expand(block, 'loudness'),
    confidence: confidenceOf(block),
  };
}

interface Head {
  readonly count: number;
  readonly activity: Uint16Array;
  readonly moods: readonly string[];
  readonly mood: Uint16Array;
  readonly shapes: readonly Shape[];
  readonly shapeOf: Uint16Array;
}

interface Block {
  readonly head: Head;
  readonly numbers: { readonly seq: Float64Array; readonly timeMs: Float64Array };
  /** By key of the plan: in the unit of the frame, over its rows. */
  readonly values: ReadonlyMap<string, { readonly rows: Uint32Array; readonly values: Float64Array }>;
}

function readBlock(bytes: Uint8Array, columnLimit: number): Block {
  const input = new BitReader(checked(bytes));
  const version = input.bits(8);
  if (version !== BLOCK_VERSION)
    throw new RangeError(
      `A block of the log has the version ${version}, which this undertone does not know.`,
    );
  const count = input.varint();
  const seq = readNumbers(input, count, {}).column;
  const timeMs = readNumbers(input, count, {}).column;
  const activity = readRuns(input, count);
  const moods = Array.from({ length: input.varint() }, () =>
    new TextDecoder().decode(input.bytes(input.varint())),
  );
  const mood = readRuns(input, count);
  const shapes = Array.from(
    { length: input.varint() },
    (): Shape => Array.from({ length: input.varint() }, () => input.float64()),
  );
  const head: Head = { count, activity, moods, mood, shapes, shapeOf: readRuns(input, count) };

  const rowSets = new RowSets(count);
  const shapeRows = shapes.map((_, shape) => rowSets.rowsWhere((row) => head.shapeOf[row] === shape + 1));
  const columns = new Map<string, Column>();
  const values: Map<string, { rows: Uint32Array; values: Float64Array }> = new Map();
  for (const [index, column] of planColumns(shapes).entries()) {
    if (index >= columnLimit) break;
    input.align();
    const part = new BitReader(input.bytes(input.varint()));
    const read = readColumn(part, column, { count, rowSets, shapeRows, columns });
    values.set(column.key, read);
  }
  return { head, numbers: { seq, timeMs }, values };
}

function checked(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - CHECKSUM_BYTES;
  const content = bytes.subarray(0, Math.max(0, end));
  if (end > 0 && new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0) === crc32(content))
    return content;
  throw damaged('the checksum of a block is wrong');
}

interface Reading {
  readonly count: number;
  readonly rowSets: RowSets;
  readonly shapeRows: readonly Uint32Array[];
  readonly columns: Map<string, Column>;
}

function readColumn(part: BitReader, plan: ColumnPlan, { count, rowSets, shapeRows, columns }: Reading) {
  let rows: Uint32Array;
  if (plan.shape === undefined) {
    const has = readRuns(part, count);
    rows = rowSets.rowsWhere((row) => has[row] === 1);
  } else rows = shapeRows[plan.shape]!;
  part.align();
  const scale = plan.scales[part.bits(8)] ?? 1;
  const known = knownFor(plan, rows, columns);
  const { column, exact } = readNumbers(part, rows.length, known);
  if (exact) return { rows, values: column };
  const { base } = known;
  const own = base ? column.map((value, i) => value - base[i]!) : column;
  if (scale === 1e6) columns.set(plan.key, { rows, values: column, own });
  return { rows, values: column.map((value) => value / scale) };
}

/** A column over all frames of the block. */
function expand({ head, values }: Block, key: string): Float64Array {
  const all = new Float64Array(head.count).fill(Number.NaN);
  const column = values.get(key);
  if (column) for (const [i, row] of column.rows.entries()) all[row] = column.values[i]!;
  return all;
}

function confidenceOf(block: Block): Float64Array {
  const otherwise = expand(block, 'confidenceElse');
  return expand(block, 'confidence').map((value, i) => (Number.isNaN(value) ? otherwise[i]! : value));
}

function forecastsOf({ head, values }: Block): Forecast[][] {
  const forecasts: Forecast[][] = Array.from({ length: head.count }, () => []);
  for (const [shape, horizons] of head.shapes.entries()) {
    for (const [place, horizon] of horizons.entries()) {
      const column = (name: string) => values.get(`${shape}/${place}/${name}`)!;
      const { rows, values: valence } = column('valence');
      const arousal = column('arousal').values;
      const valenceLow = column('valenceLow').values;
      const valenceHigh = column('valenceHigh').values;
      const arousalLow = column('arousalLow').values;
      const arousalHigh = column('arousalHigh').values;
      for (const [i, row] of rows.entries()) {
        forecasts[row]!.push({
          horizon,
          valence: valence[i]!,
          arousal: arousal[i]!,
          valenceLow: valenceLow[i]!,
          valenceHigh: valenceHigh[i]!,
          arousalLow: arousalLow[i]!,
          arousalHigh: arousalHigh[i]!,
        });
      }
    }
  }
  return forecasts;
}

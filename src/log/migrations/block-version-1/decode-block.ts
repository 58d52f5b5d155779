import type { Activity, EmotionFrame, Forecast } from '../../../types.ts';
import { BitReader } from './bit-reader.ts';
import { type PredictorInputs, readNumbers } from './predictors.ts';

/*
 * Up to schema 3, blocks had version 1, with another codec (predictors and Huffman codes). This reads them until upkeep
 * has repacked them (upkeep/repacker.ts), and for as long as logs and backups of schema 3 can be migrated. Nothing
 * writes such blocks any more, and the format never changes. Its constants are copied here, so that changes elsewhere
 * cannot break it.
 *
 * A block: the version (8 bits); the number of frames (varint); seq and time in ms (numbers, as readNumbers reads
 * them); activities (runs); the dictionary of moods and the mood of each frame (runs; 0 for none); the shapes, which are
 * the different lists of horizons, and the shape of each frame (runs; 0 for no forecasts). Then one part for each column
 * of OWN and for each axis and bound of each horizon of each shape: its length in bytes (varint), the frames that have a
 * value (runs; only for OWN), the unit (8 bits, an index of its scales), and the numbers.
 */

/** More in one block is damage: blocks had up to 2,400 frames of 5 horizons with some ten moods. */
const MAX_FRAMES = 100_000;
const MAX_ENTRIES = 1_000;

const ACTIVITIES: readonly Activity[] = ['music', 'speech', 'silence'];
const AXES = ['valence', 'arousal'] as const;
const BOUNDS = ['valenceLow', 'valenceHigh', 'arousalLow', 'arousalHigh'] as const;
const STEP_SECONDS = 0.5;

/** Columns of the frame's own numbers, in their order, with their possible units (as 1/unit). */
const OWN: readonly (readonly [key: string, scales: readonly number[]])[] = [
  ['valence', [1e6]],
  ['arousal', [1e6]],
  ['valenceSd', [1e6]],
  ['arousalSd', [1e6]],
  ['confidence', [1e6]],
  ['confidenceElse', [1e6]], // confidence of frames without a valenceSd
  ['loudness', [1e6]],
  ['latencyMs', [100, 1e6]],
];

/** A column in whole millionths, as predictors use it. Columns with the same rows share one `rows` array. */
interface Column {
  readonly rows: Uint32Array;
  readonly values: Float64Array;
  /** The values less their base. */
  readonly own: Float64Array;
}

/**
 * The frames of a block of version 1 without its checksum.
 *
 * @throws RangeError or TypeError if the content is invalid
 */
export function decodeVersion1(bytes: Uint8Array, stream: string): EmotionFrame[] {
  const input = new BitReader(bytes);
  input.bits(8); // the version
  const count = input.count(MAX_FRAMES);
  const seq = readNumbers(input, count, {}).column;
  const timeMs = readNumbers(input, count, {}).column;
  const activity = input.runs(count);
  const moods = Array.from({ length: input.count(MAX_ENTRIES) }, () =>
    new TextDecoder().decode(input.bytes(input.varint())),
  );
  const mood = input.runs(count);
  const shapes = Array.from({ length: input.count(MAX_ENTRIES) }, () =>
    Array.from({ length: input.count(MAX_ENTRIES) }, () => input.float64()),
  );
  const shapeOf = input.runs(count);

  const rowsWhere = rowSets(count);
  const columns = new Map<string, Column>();
  /** By key, [frames]; NaN if a frame has no value. */
  const values = new Map<string, Float64Array>();
  const read = (
    key: string,
    scales: readonly number[],
    known: (rows: Uint32Array) => PredictorInputs,
    of?: Uint32Array,
  ) => {
    input.align();
    const part = new BitReader(input.bytes(input.varint()));
    const has = of ? undefined : part.runs(count);
    const rows = of ?? rowsWhere((row) => has![row] === 1);
    part.align();
    const scale = scales[part.bits(8)]!;
    const inputs = known(rows);
    const { column, exact } = readNumbers(part, rows.length, inputs);
    const { base } = inputs;
    const own = base ? column.map((value, i) => value - base[i]!) : column;
    if (!exact && scale === 1e6) columns.set(key, { rows, values: column, own });
    const all = new Float64Array(count).fill(Number.NaN);
    for (const [i, row] of rows.entries()) all[row] = exact ? column[i]! : column[i]! / scale;
    values.set(key, all);
  };
  for (const [key, scales] of OWN) read(key, scales, (rows) => inputsOfOwn(key, rows, columns));
  for (const [shape, horizons] of shapes.entries()) {
    const rows = rowsWhere((row) => shapeOf[row] === shape + 1);
    for (const horizon of horizons.keys())
      for (const name of [...AXES, ...BOUNDS])
        read(
          keyOf(shape, horizon, name),
          [1e6],
          () => inputsOfForecast(shape, horizon, name, rows, columns),
          rows,
        );
  }

  const orNull = (key: string, row: number): number | null => {
    const value = values.get(key)![row]!;
    return Number.isNaN(value) ? null : value;
  };
  return Array.from({ length: count }, (_, row) => ({
    type: 'emotion',
    stream,
    seq: seq[row]!,
    t: STEP_SECONDS * (seq[row]! + 1),
    time: new Date(timeMs[row]!).toISOString(),
    valence: orNull('valence', row),
    arousal: orNull('arousal', row),
    valenceSd: orNull('valenceSd', row),
    arousalSd: orNull('arousalSd', row),
    forecast: (shapes[shapeOf[row]! - 1] ?? []).map((horizon, place): Forecast => {
      const of = (name: string) => values.get(keyOf(shapeOf[row]! - 1, place, name))![row]!;
      const [valence, arousal] = [of('valence'), of('arousal')];
      const [valenceLow, valenceHigh] = [of('valenceLow'), of('valenceHigh')];
      return {
        horizon,
        valence,
        arousal,
        valenceLow,
        valenceHigh,
        arousalLow: of('arousalLow'),
        arousalHigh: of('arousalHigh'),
      };
    }),
    mood: mood[row] === 0 ? null : moods[mood[row]! - 1]!,
    loudness: orNull('loudness', row),
    activity: ACTIVITIES[activity[row]!]!,
    confidence: orNull('confidence', row) ?? orNull('confidenceElse', row)!,
    latencyMs: orNull('latencyMs', row)!,
  }));
}

const keyOf = (shape: number, horizon: number, name: string): string => `${shape}/${horizon}/${name}`;

/** Makes each set of rows once, so that two columns with the same rows have the same array. */
function rowSets(count: number): (has: (row: number) => boolean) => Uint32Array {
  const sets = new Map<string, Uint32Array>();
  return (has) => {
    const rows = Uint32Array.from({ length: count }, (_, row) => row).filter(has);
    const key = rows.join();
    if (!sets.has(key)) sets.set(key, rows);
    return sets.get(key)!;
  };
}

/** Predictors use only earlier columns that have the same rows. */
const alignedWith = (rows: Uint32Array, columns: ReadonlyMap<string, Column>) => (key: string) =>
  columns.get(key)?.rows === rows ? columns.get(key) : undefined;

function inputsOfOwn(key: string, rows: Uint32Array, columns: ReadonlyMap<string, Column>): PredictorInputs {
  const aligned = alignedWith(rows, columns);
  const ownOf = (names: readonly string[]) => names.flatMap((name) => aligned(name)?.own ?? []);
  if (key === 'arousal') return { companions: ownOf(['valence']) };
  if (key === 'valenceSd') return { companions: ownOf(AXES) };
  if (key === 'arousalSd') return { companions: ownOf([...AXES, 'valenceSd']) };
  const sds = AXES.flatMap((axis) => aligned(`${axis}Sd`)?.values ?? []);
  return key === 'confidence' && sds.length === 2 ? { squaresOf: sds } : {};
}

function inputsOfForecast(
  shape: number,
  horizon: number,
  name: string,
  rows: Uint32Array,
  columns: ReadonlyMap<string, Column>,
): PredictorInputs {
  const aligned = alignedWith(rows, columns);
  const axis = AXES.find((one) => name.startsWith(one))!;
  const middleKey = (place: number) => (place < 0 ? axis : keyOf(shape, place, axis));
  if (name === axis) {
    const before = AXES.flatMap((one) =>
      Array.from({ length: horizon + 1 }, (_, place) => keyOf(shape, place, one)),
    ).filter((other) => other !== keyOf(shape, horizon, name));
    return {
      base: aligned(middleKey(horizon - 1))?.values,
      companions: [...AXES, 'valenceSd', 'arousalSd', ...before].flatMap((key) => aligned(key)?.own ?? []),
    };
  }
  const middle = aligned(middleKey(horizon))?.values;
  const sd = aligned(`${axis}Sd`)?.values;
  if (!middle || !sd) return { base: middle };
  const high = name.endsWith('High');
  const other = high ? aligned(keyOf(shape, horizon, `${axis}Low`))?.values : undefined;
  return { base: middle, interval: { middle, sd, side: high ? 1 : -1, other } };
}

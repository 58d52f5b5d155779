import { ACTIVITIES, AXES, type Field, FORECAST_FIELDS, FRAME_FIELDS, fieldsOf } from '../../frame-fields.ts';
import { type EmotionFrame, type Forecast, STEP_SECONDS } from '../../types.ts';

/** A column of a block: a number for each frame. */
export interface Column {
  readonly name: string;
  readonly values: Float64Array;
  /** Units tried, the coarsest first. */
  readonly decimals: readonly number[];
  /** Columns before this one, each with its weight: their sum is near. */
  readonly guess: readonly (readonly [name: string, weight: number])[];
  /** Whether a row is near the row before. */
  readonly steps: boolean;
}

export interface FrameColumns {
  readonly columns: readonly Column[];
  /** Of each field that is a word: those that occur. Its column has places here, from 1; 0 is null. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

/** Columns of a block by name; undefined where it has none of that name. */
export type ReadColumn = (name: string) => Float64Array | undefined;

/** As older undertones and other programs emit them. */
const MOST_DECIMALS = 6;

/** An interval's reach in standard deviations is looked for in so many rows; a larger one is taken for chance. */
const FIT_ROWS = 400;
const MOST_SDS = 4;

const TIME_GUESS = [['seq', 1_000 * STEP_SECONDS]] as const;

/** What the log stores of a frame; the rest follows from it. */
const STORED = fieldsOf(FRAME_FIELDS).filter(([, field]) => field.sql !== undefined);
const FORECAST = fieldsOf(FORECAST_FIELDS);

/** Name of the column that says which frames do not have a field: 1 where it is null. */
export const nullsOf = (name: string): string => `${name}?`;
const forecastName = (place: number, name: string): string => `${place}.${name}`;

/** Frames as columns, by the table of the fields of a frame. */
export function columnsOf(frames: readonly EmotionFrame[]): FrameColumns {
  const columns: Column[] = [];
  const words: Record<string, readonly string[]> = {};
  for (const [name, field] of STORED) {
    if (field.kind === 'forecasts') {
      add(
        name,
        [0],
        filled(frames, (frame) => frame.forecast.length),
      );
      addForecasts();
    } else if (field.kind === 'word') {
      const found = new Map<unknown, number>([[null, 0]]);
      for (const frame of frames) if (!found.has(frame[name] ?? null)) found.set(frame[name], found.size);
      words[name] = [...found.keys()].slice(1) as string[];
      add(
        name,
        [0],
        filled(frames, (frame) => found.get(frame[name] ?? null)),
      );
    } else {
      const numbers = filled(frames, (frame) => toNumber(field, frame[name] ?? null));
      add(name, decimalsOf(field), numbers, { guess: field.kind === 'time' ? TIME_GUESS : [] });
    }
  }
  return { columns, words };

  function add(
    name: string,
    decimals: readonly number[],
    { values, nulls }: Filled,
    near: Partial<Column> = {},
  ): void {
    if (nulls) columns.push({ name: nullsOf(name), values: nulls, decimals: [0], guess: [], steps: true });
    columns.push({ name, values, decimals, guess: [], steps: true, ...near });
  }

  function addForecasts(): void {
    const most = frames.reduce((sum, { forecast }) => Math.max(sum, forecast.length), 0);
    for (let place = 0; place < most; place++) {
      for (const [name, field] of FORECAST) {
        const numbers = filled(frames, ({ forecast }) =>
          place < forecast.length ? (forecast[place]![name] ?? null) : undefined,
        );
        add(
          forecastName(place, name),
          decimalsOf(field),
          numbers,
          guessOf(place, name, columns, numbers.values),
        );
      }
    }
  }
}

/** The frame of a row, given its columns. A field that an older undertone did not store is null. */
export function frameReader(
  read: ReadColumn,
  words: FrameColumns['words'],
  stream: string,
): (row: number) => EmotionFrame {
  const seq = read('seq')!;
  const fields = fieldsOf(FRAME_FIELDS).map(([name, field]): [string, (row: number) => unknown] => {
    if (name === 'stream') return [name, () => stream];
    if (name === 't') return [name, (row) => STEP_SECONDS * (seq[row]! + 1)];
    return [name, reader(name, field)];
  });
  return (row) => {
    const frame: Record<string, unknown> = {};
    for (const [name, at] of fields) frame[name] = at(row);
    return frame as unknown as EmotionFrame;
  };

  function reader(name: string, field: Field): (row: number) => unknown {
    if (field.kind === 'constant') return () => field.value;
    const values = read(name);
    if (!values) return () => null;
    if (field.kind === 'forecasts') return forecastReader(values);
    if (field.kind === 'word') return (row) => words[name]![values[row]! - 1] ?? null;
    if (field.kind === 'time') return (row) => new Date(values[row]!).toISOString();
    if (field.kind === 'activity') return (row) => ACTIVITIES[values[row]!];
    return numberReader(name);
  }

  function numberReader(name: string): (row: number) => number | null {
    const values = read(name);
    if (!values) return () => null;
    const nulls = read(nullsOf(name));
    return nulls ? (row) => (nulls[row] === 1 ? null : values[row]!) : (row) => values[row]!;
  }

  function forecastReader(lengths: Float64Array): (row: number) => readonly Forecast[] {
    const most = lengths.reduce((sum, length) => Math.max(sum, length), 0);
    const places = Array.from({ length: most }, (_, place) =>
      FORECAST.map(([name]) => [name, numberReader(forecastName(place, name))] as const),
    );
    return (row) => {
      const forecasts: Forecast[] = [];
      for (let place = 0; place < lengths[row]!; place++) {
        const forecast: Record<string, number | null> = {};
        for (const [name, at] of places[place]!) forecast[name] = at(row);
        forecasts.push(forecast as unknown as Forecast);
      }
      return forecasts;
    };
  }
}

/** A forecast lies near the one before it, and its interval reaches as many standard deviations to both sides. */
function guessOf(
  place: number,
  name: string,
  columns: readonly Column[],
  values: Float64Array,
): Partial<Column> {
  const axis = AXES.find((one) => name.startsWith(one));
  if (!axis) return {};
  if (name === axis) return { guess: [[place === 0 ? axis : forecastName(place - 1, axis), 1]] };
  const middle = forecastName(place, axis);
  const low = forecastName(place, `${axis}Low`);
  if (name === `${axis}High`)
    return {
      guess: [
        [middle, 2],
        [low, -1],
      ],
      steps: false,
    };
  if (name !== `${axis}Low`) return {};
  const sd = `${axis}Sd`;
  const valuesOf = (column: string) => columns.find((one) => one.name === column)!.values;
  return {
    guess: [
      [middle, 1],
      [sd, typicalRatio(values, valuesOf(middle), valuesOf(sd))],
    ],
    steps: false,
  };
}

/** Median of (value - middle) / sd over some rows, to five digits. */
function typicalRatio(values: Float64Array, middle: Float64Array, sd: Float64Array): number {
  const ratios: number[] = [];
  const stride = Math.ceil(values.length / FIT_ROWS);
  for (let row = 0; row < values.length; row += stride)
    if (sd[row] !== 0) ratios.push((values[row]! - middle[row]!) / sd[row]!);
  const ratio = ratios.sort((a, b) => a - b)[ratios.length >> 1] ?? 0;
  return Math.abs(ratio) < MOST_SDS ? Number(ratio.toPrecision(5)) : 0;
}

function decimalsOf(field: Field): readonly number[] {
  if (field.kind !== 'number') return [0];
  return [...new Set([field.decimals ?? 0, MOST_DECIMALS])];
}

function toNumber(field: Field, value: unknown): number | null {
  if (value === null) return null;
  if (field.kind === 'time') return Date.parse(value as string);
  return field.kind === 'activity' ? ACTIVITIES.indexOf(value as never) : (value as number);
}

interface Filled {
  /** What a frame does not have is as in the frame before: it costs next to nothing. */
  readonly values: Float64Array;
  /** 1 where a frame has null; undefined where none has. */
  readonly nulls: Float64Array | undefined;
}

/** @param of null: the frame has the field, and it is null; undefined: it has no place for it */
function filled(
  frames: readonly EmotionFrame[],
  of: (frame: EmotionFrame) => number | null | undefined,
): Filled {
  const values = new Float64Array(frames.length);
  let nulls: Float64Array | undefined;
  let before = 0;
  for (let row = 0; row < frames.length; row++) {
    const value = of(frames[row]!);
    if (value === null) {
      nulls ??= new Float64Array(frames.length);
      nulls[row] = 1;
    }
    before = value ?? before;
    values[row] = before;
  }
  return { values, nulls };
}

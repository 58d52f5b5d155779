import { ACTIVITIES, AXES, type Field, FORECAST_FIELDS, FRAME_FIELDS, fieldsOf } from '../../frame-fields.ts';
import { type EmotionFrame, type Forecast, STEP_SECONDS } from '../../types.ts';
import type { Column } from './number-column.ts';

/**
 * Frames as columns of numbers, by the table FRAME_FIELDS, and back.
 *
 * Each field that the log stores (those with `sql`) is a column of the field's name:
 *
 *     integer, number the value
 *     time            ms since 1970
 *     activity        index in ACTIVITIES
 *     word            0 for null, otherwise 1 + index in the block's dictionary `words[name]`
 *     forecasts       the number of forecasts; the forecasts follow in columns of their own: `0.horizon`, `0.valence`, …
 *                     `1.horizon`, …, by their index in the list and FORECAST_FIELDS
 *
 * If a number is null in some frames, the column `name?` before it is 1 there and 0 elsewhere. If a frame has no
 * number (null, or a shorter list of forecasts), the column repeats the previous row, which costs almost nothing.
 * A missing column is null in every frame: blocks from before a field was added do not have its column.
 *
 * `stream` and the constant fields are not stored, and `t` is STEP_SECONDS · (seq + 1).
 */
export interface FrameColumns {
  readonly columns: readonly Column[];
  /** The dictionary of each field that is a word, in the order of first use. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

/** Returns the column of a name; undefined if the block has none. */
export type ReadColumn = (name: string) => Float64Array | undefined;

/** Frames of older versions and of other programs have up to six decimals. */
const MAX_DECIMALS = 6;

const STORED = fieldsOf(FRAME_FIELDS).filter(([, field]) => field.sql !== undefined);
const FORECAST = fieldsOf(FORECAST_FIELDS);

/** Name of the column that marks the frames in which a field is null. */
export const nullsOf = (name: string): string => `${name}?`;
const forecastName = (place: number, name: string): string => `${place}.${name}`;

export function columnsOf(frames: readonly EmotionFrame[]): FrameColumns {
  const columns: Column[] = [];
  const words: Record<string, readonly string[]> = {};
  for (const [name, field] of STORED) {
    if (field.kind === 'forecasts') {
      const lengths = valuesOf(frames, (frame) => frame.forecast.length);
      add(name, [0], lengths);
      addForecasts();
    } else if (field.kind === 'word') {
      const dictionary = new Map<unknown, number>([[null, 0]]);
      for (const frame of frames) {
        const word = frame[name] ?? null;
        if (!dictionary.has(word)) dictionary.set(word, dictionary.size);
      }
      words[name] = [...dictionary.keys()].slice(1) as string[];
      const indexes = valuesOf(frames, (frame) => dictionary.get(frame[name] ?? null));
      add(name, [0], indexes);
    } else {
      const numbers = valuesOf(frames, (frame) => toNumber(field, frame[name] ?? null));
      add(name, decimalsOf(field), numbers, { guess: field.kind === 'time' ? TIME_GUESS : [] });
    }
  }
  return { columns, words };

  function add(
    name: string,
    decimals: readonly number[],
    { values, nulls }: Values,
    prediction: Partial<Column> = {},
  ): void {
    if (nulls) columns.push({ name: nullsOf(name), values: nulls, decimals: [0], guess: [], steps: true });
    columns.push({ name, values, decimals, guess: [], steps: true, ...prediction });
  }

  function addForecasts(): void {
    const most = frames.reduce((length, { forecast }) => Math.max(length, forecast.length), 0);
    for (let place = 0; place < most; place++) {
      for (const [name, field] of FORECAST) {
        const numbers = valuesOf(frames, ({ forecast }) =>
          place < forecast.length ? (forecast[place]![name] ?? null) : undefined,
        );
        const prediction = forecastGuess(place, name, columns, numbers.values);
        add(forecastName(place, name), decimalsOf(field), numbers, prediction);
      }
    }
  }
}

/** Returns the function that makes the frame of a row. */
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
    if (!values) return () => (field.kind === 'forecasts' ? [] : null);
    if (field.kind === 'forecasts') return forecastReader(values);
    if (field.kind === 'word') return (row) => words[name]?.[values[row]! - 1] ?? null;
    if (field.kind === 'time') return (row) => new Date(values[row]!).toISOString();
    if (field.kind === 'activity') return (row) => ACTIVITIES[values[row]!] ?? 'silence';
    return numberReader(name);
  }

  function numberReader(name: string): (row: number) => number | null {
    const values = read(name);
    if (!values) return () => null;
    const nulls = read(nullsOf(name));
    return nulls ? (row) => (nulls[row] === 1 ? null : values[row]!) : (row) => values[row]!;
  }

  function forecastReader(lengths: Float64Array): (row: number) => readonly Forecast[] {
    const places: (readonly (readonly [string, (row: number) => number | null])[])[] = [];
    // By the columns that exist, whatever the lengths are.
    while (FORECAST.some(([name]) => read(forecastName(places.length, name)))) {
      const place = places.length;
      places.push(FORECAST.map(([name]) => [name, numberReader(forecastName(place, name))] as const));
    }
    return (row) =>
      places.slice(0, lengths[row]!).map((fields) => {
        const forecast: Record<string, number | null> = {};
        for (const [name, at] of fields) forecast[name] = at(row);
        return forecast as unknown as Forecast;
      });
  }
}

// ── guesses ─────────────────────────────────────────────────────────────────────────────────────

/** Frames come at the pace of the steps. */
const TIME_GUESS = [['seq', 1_000 * STEP_SECONDS]] as const;

/** Rows from which the half width of an interval is estimated, in standard deviations; larger ones are ignored. */
const FIT_ROWS = 400;
const MAX_SDS = 4;

/**
 * How a column of forecasts is predicted from earlier columns: a forecast is close to the one before it in the list, the
 * lower end of its interval is a fixed number of standard deviations below it, and the upper end is as far above it.
 */
function forecastGuess(
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
  if (name === `${axis}High`) {
    const guess = [
      [middle, 2],
      [low, -1],
    ] as const;
    return { guess, steps: false };
  }
  if (name !== `${axis}Low`) return {};
  const sd = `${axis}Sd`;
  const valuesOfColumn = (column: string) => columns.find((one) => one.name === column)!.values;
  const ratio = typicalRatio(values, valuesOfColumn(middle), valuesOfColumn(sd));
  const guess = [
    [middle, 1],
    [sd, ratio],
  ] as const;
  return { guess, steps: false };
}

/** Median of (value - middle) / sd over some rows, to five digits. */
function typicalRatio(values: Float64Array, middle: Float64Array, sd: Float64Array): number {
  const ratios: number[] = [];
  const stride = Math.ceil(values.length / FIT_ROWS);
  for (let row = 0; row < values.length; row += stride)
    if (sd[row] !== 0) ratios.push((values[row]! - middle[row]!) / sd[row]!);
  const ratio = ratios.sort((a, b) => a - b)[ratios.length >> 1] ?? 0;
  return Math.abs(ratio) < MAX_SDS ? Number(ratio.toPrecision(5)) : 0;
}

// ── values ──────────────────────────────────────────────────────────────────────────────────────

function decimalsOf(field: Field): readonly number[] {
  if (field.kind !== 'number') return [0];
  return [...new Set([field.decimals ?? 0, MAX_DECIMALS])];
}

function toNumber(field: Field, value: unknown): number | null {
  if (value === null) return null;
  if (field.kind === 'time') return Date.parse(value as string);
  return field.kind === 'activity' ? ACTIVITIES.indexOf(value as never) : (value as number);
}

interface Values {
  /** [frames] */
  readonly values: Float64Array;
  /** [frames], 1 where a frame has null; undefined if none has. */
  readonly nulls: Float64Array | undefined;
}

/** @param of null if the field is null in the frame; undefined if the frame has no such field */
function valuesOf(
  frames: readonly EmotionFrame[],
  of: (frame: EmotionFrame) => number | null | undefined,
): Values {
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

import { AXES, type EmotionFrame, type Forecast } from '../../../types.ts';
import type { Known } from './predictors.ts';

/** Horizons of a frame's forecasts, in their order. Frames of one model have one shape; silent ones none. */
export type Shape = readonly number[];

/** One column of a block: a number that some of its frames have. */
export interface ColumnPlan {
  readonly key: string;
  /** null: this frame does not have it. */
  readonly get: (frame: EmotionFrame) => number | null;
  /** Units tried, as 1/unit, before falling back to floats. */
  readonly scales: readonly number[];
  /** The forecast shape it belongs to; undefined for the frame's own numbers. */
  readonly shape?: number;
  readonly field?: { readonly horizon: number; readonly name: keyof Forecast };
}

/** A column that is there, in whole millionths, and which rows of the block it has. */
export interface Column {
  /** Columns that have the same rows share the same array. */
  readonly rows: Uint32Array;
  readonly values: Float64Array;
  /** Less its base. */
  readonly own: Float64Array;
}

const MILLIONTHS = [1e6];

/**
 * The columns in the order in which they are stored. Those that buckets are made of come first, so that
 * whoever needs no more can stop there.
 */
export function planColumns(shapes: readonly Shape[]): ColumnPlan[] {
  const plan: ColumnPlan[] = [];
  const own = (
    key: string,
    get: (frame: EmotionFrame) => number | null,
    scales: readonly number[] = MILLIONTHS,
  ) => plan.push({ key, get, scales });
  own('valence', (frame) => frame.valence);
  own('arousal', (frame) => frame.arousal);
  own('valenceSd', (frame) => frame.valenceSd);
  own('arousalSd', (frame) => frame.arousalSd);
  own('confidence', (frame) => (frame.valenceSd === null ? null : frame.confidence));
  own('confidenceElse', (frame) => (frame.valenceSd === null ? frame.confidence : null));
  own('loudness', (frame) => frame.loudness);
  own('latencyMs', (frame) => frame.latencyMs, [100, 1e6]);
  for (const [shape, horizons] of shapes.entries()) {
    for (const horizon of horizons.keys()) {
      const names = [...AXES, ...AXES.flatMap((axis) => [`${axis}Low`, `${axis}High`] as const)];
      for (const name of names) {
        plan.push({
          key: forecastKey(shape, horizon, name),
          // Only frames of this shape are asked.
          get: (frame) => frame.forecast[horizon]![name],
          scales: MILLIONTHS,
          shape,
          field: { horizon, name },
        });
      }
    }
  }
  return plan;
}

/** How many columns of the plan buckets need. */
export const BUCKET_COLUMNS = 7;

const forecastKey = (shape: number, horizon: number, name: string): string => `${shape}/${horizon}/${name}`;

/** What may be used to guess a column: of the columns before it, those that have the same rows. */
export function knownFor(
  { key, shape, field }: ColumnPlan,
  rows: Uint32Array,
  columns: ReadonlyMap<string, Column>,
): Known {
  const aligned = (name: string): Column | undefined => {
    const column = columns.get(name);
    return column?.rows === rows ? column : undefined;
  };
  const ownOf = (names: readonly string[]) => names.flatMap((name) => aligned(name)?.own ?? []);
  if (shape === undefined || field === undefined) {
    if (key === 'arousal') return { companions: ownOf(['valence']) };
    if (key === 'valenceSd') return { companions: ownOf(AXES) };
    if (key === 'arousalSd') return { companions: ownOf([...AXES, 'valenceSd']) };
    const sds = AXES.flatMap((axis) => aligned(`${axis}Sd`)?.values ?? []);
    return key === 'confidence' && sds.length === 2 ? { squaresOf: sds } : {};
  }
  const { horizon, name } = field;
  const axis = AXES.find((one) => name.startsWith(one))!;
  const middleKey = (h: number) => (h < 0 ? axis : forecastKey(shape, h, axis));
  if (name === axis) {
    const before = AXES.flatMap((one) =>
      Array.from({ length: horizon + 1 }, (_, h) => forecastKey(shape, h, one)),
    ).filter((other) => other !== key);
    return {
      base: aligned(middleKey(horizon - 1))?.values,
      companions: ownOf([...AXES, 'valenceSd', 'arousalSd', ...before]),
    };
  }
  const middle = aligned(middleKey(horizon))?.values;
  const sd = aligned(`${axis}Sd`)?.values;
  if (!middle || !sd) return { base: middle };
  const other = name.endsWith('High')
    ? aligned(forecastKey(shape, horizon, `${axis}Low`))?.values
    : undefined;
  return { base: middle, interval: { middle, sd, side: name.endsWith('High') ? 1 : -1, other } };
}

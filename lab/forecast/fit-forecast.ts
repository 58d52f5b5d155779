import { Matrix, solve } from 'ml-matrix';
import { clamp } from '../../src/model/forecast.ts';
import {
  type History,
  NO_HISTORY,
  nextHistory,
  readingAgo,
} from '../../src/model/reading-forecast/history.ts';
import {
  dot,
  FORECAST_INPUTS,
  forecastInputs,
  movementOf,
  type ReadingForecast,
} from '../../src/model/reading-forecast/reading-forecast.ts';
import { AXES, type Axis, FORECAST_HORIZONS, STEP_SECONDS, Z90 } from '../../src/types.ts';
import { spreadOf } from '../train/spread.ts';

/** The readings of one piece or sequence, [steps, 2]; NaN in steps without music. */
export type Readings = Float32Array;

/** What is known at one step, and what the reading was later; NaN where it is unknown. */
interface Moment {
  readonly inputs: Float32Array;
  /** [2] */
  readonly now: readonly number[];
  readonly movement: readonly number[];
  /** [horizons, 2] changes up to each horizon. */
  readonly changes: Float32Array;
}

const HORIZON_STEPS = FORECAST_HORIZONS.map((horizon) => horizon / STEP_SECONDS);
/** Ridge penalty, relative to the mean square of the inputs. */
const PENALTY = 1e-3;
/** The least movement is this quantile of all movements. */
const LEAST_QUANTILE = 0.02;

/** All moments of a path. Steps without music are skipped, as in a stream. */
function momentsOf(readings: Readings): Moment[] {
  const steps = readings.length / 2;
  const moments: Moment[] = [];
  let history: History = NO_HISTORY;
  for (let step = 0; step < steps; step++) {
    const [valence, arousal] = [readings[2 * step]!, readings[2 * step + 1]!];
    if (Number.isNaN(valence)) continue;
    history = nextHistory(history, valence, arousal);
    const changes = new Float32Array(2 * HORIZON_STEPS.length).fill(Number.NaN);
    for (const [i, ahead] of HORIZON_STEPS.entries()) {
      if (step + ahead >= steps) continue;
      changes[2 * i] = readings[2 * (step + ahead)]! - valence;
      changes[2 * i + 1] = readings[2 * (step + ahead) + 1]! - arousal;
    }
    const now = [readingAgo(history, 0, 0), readingAgo(history, 1, 0)];
    moments.push({
      inputs: forecastInputs(history),
      now,
      movement: [movementOf(history, 0), movementOf(history, 1)],
      changes,
    });
  }
  return moments;
}

/** Ridge regression of the changes on the inputs: [FORECAST_INPUTS] for each horizon and axis. */
function fitWeights(moments: readonly Moment[]): number[][] {
  return HORIZON_STEPS.flatMap((_, horizon) => {
    // Both axes are known at the same moments, so they share the products of the inputs.
    const columns = AXES.map((_axis, axis) => 2 * horizon + axis);
    const known = moments.filter(({ changes }) => !Number.isNaN(changes[columns[0]!]!));
    const products = Matrix.zeros(FORECAST_INPUTS, FORECAST_INPUTS);
    const targets = Matrix.zeros(FORECAST_INPUTS, AXES.length);
    for (const { inputs, changes } of known) {
      for (let i = 0; i < FORECAST_INPUTS; i++) {
        for (const [axis, column] of columns.entries()) {
          targets.set(i, axis, targets.get(i, axis) + inputs[i]! * changes[column]!);
        }
        for (let j = 0; j <= i; j++) products.set(i, j, products.get(i, j) + inputs[i]! * inputs[j]!);
      }
    }
    for (let i = 0; i < FORECAST_INPUTS; i++) {
      for (let j = 0; j < i; j++) products.set(j, i, products.get(i, j));
      products.set(i, i, products.get(i, i) * (1 + PENALTY) + 1e-9 * known.length);
    }
    const solved = solve(products, targets);
    return columns.map((_column, axis) => solved.getColumn(axis).map((x) => Number(x.toPrecision(6))));
  });
}

/** Errors of a forecast and of "the reading stays", at one horizon of one axis. */
export interface ForecastScore {
  readonly horizon: number;
  readonly axis: Axis;
  readonly n: number;
  readonly rmse: number;
  readonly staysRmse: number;
  /** 1 − MSE / MSE of the reading that stays. */
  readonly skill: number;
  /** Share of the readings within the 90 % interval, over all and in each third by recent movement. */
  readonly coverage: number;
  readonly thirds: readonly number[];
}

/**
 * Fits the forecast. Its intervals are measured on predictions for each fold by weights that were fitted on the others,
 * and so are the scores.
 *
 * @param paths with the fold of each, so that no artist or collection is in two folds
 */
export function fitForecast(paths: readonly { readonly fold: number; readonly readings: Readings }[]): {
  forecast: ReadingForecast;
  scores: ForecastScore[];
} {
  const folds = new Map<number, Moment[]>();
  for (const { fold, readings } of paths) {
    folds.set(fold, [...(folds.get(fold) ?? []), ...momentsOf(readings)]);
  }
  const all = [...folds.values()].flat();
  const least = AXES.map((_, axis) => {
    const sorted = all.map(({ movement }) => movement[axis]!).sort((a, b) => a - b);
    return Math.max(1e-4, sorted[Math.floor(LEAST_QUANTILE * (sorted.length - 1))]!);
  });
  const outOfFold = [...folds].map(([fold, moments]) => {
    const others = [...folds].filter(([other]) => other !== fold).flatMap(([, some]) => some);
    return { moments, weights: fitWeights(others) };
  });
  const final = fitWeights(all);
  const scores: ForecastScore[] = [];
  const horizons = FORECAST_HORIZONS.map((horizon, h) => {
    const byAxis = AXES.map((axis, a) => {
      const column = 2 * h + a;
      const errors = outOfFold.flatMap(({ moments, weights }) =>
        moments.flatMap(({ inputs, now, movement, changes }) => {
          const change = changes[column]!;
          if (Number.isNaN(change)) return [];
          const expected = clamp(now[a]! + dot(weights[column]!, inputs)) - now[a]!;
          return [{ error: Math.abs(change - expected), change, sd: Math.max(least[a]!, movement[a]!) }];
        }),
      );
      const { power, scale } = spreadOf(errors);
      const width = Z90 * scale;
      scores.push(scoreOf(errors, { horizon, axis, width, power }));
      return { weights: final[column]!, width, power };
    });
    return { valence: byAxis[0]!, arousal: byAxis[1]! };
  });
  return { forecast: { horizons, leastMovement: { valence: least[0]!, arousal: least[1]! } }, scores };
}

function scoreOf(
  errors: readonly { readonly error: number; readonly change: number; readonly sd: number }[],
  { horizon, axis, width, power }: { horizon: number; axis: Axis; width: number; power: number },
): ForecastScore {
  const n = errors.length;
  const mse = errors.reduce((sum, { error }) => sum + error ** 2, 0) / n;
  const stays = errors.reduce((sum, { change }) => sum + change ** 2, 0) / n;
  const covered = (some: typeof errors) =>
    some.filter(({ error, sd }) => error <= width * sd ** power).length / some.length;
  const sorted = [...errors].sort((a, b) => a.sd - b.sd);
  const third = Math.ceil(n / 3);
  return {
    horizon,
    axis,
    n,
    rmse: Math.sqrt(mse),
    staysRmse: Math.sqrt(stays),
    skill: 1 - mse / stays,
    coverage: covered(errors),
    thirds: [0, 1, 2].map((i) => covered(sorted.slice(i * third, (i + 1) * third))),
  };
}

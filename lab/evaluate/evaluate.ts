import { quadrantOf } from '../../src/mood.ts';
import { type Axis, FORECAST_HORIZONS, Z90 } from '../../src/types.ts';
import { type AxisScores, axisScores, rmse, type Series, skill } from './metrics.ts';
import { type QuadrantScores, quadrantScores } from './quadrants.ts';

/** A label, and what was said at its step. */
export interface ScoredStep {
  readonly label: Readonly<Record<Axis, number>>;
  readonly said: Readonly<Record<Axis, number>>;
  readonly sd: Readonly<Record<Axis, number>>;
  /** One for each horizon; undefined where no label lies that far ahead. */
  readonly ahead: readonly (JudgedForecast | undefined)[];
}

export interface JudgedForecast {
  readonly label: Readonly<Record<Axis, number>>;
  readonly said: Readonly<Record<Axis, number>>;
  readonly low: Readonly<Record<Axis, number>>;
  readonly high: Readonly<Record<Axis, number>>;
}

export interface IntervalScores {
  /** Share of labels inside the 90 % interval, and its mean width. */
  readonly coverage: number;
  readonly width: number;
}

/** RMSE of a predictor that always says the mean label of the training songs: what hearing nothing gives. */
export type AxisReport = AxisScores &
  IntervalScores & {
    readonly constantRmse: number;
    /** Share of labels inside the 90 % interval in each third of the steps, the surest first. */
    readonly coverageByThird: readonly number[];
  };

export interface ForecastReport extends IntervalScores {
  readonly n: number;
  readonly rmse: number;
  /** RMSE of repeating the model's own present output, which is what there is in use; and skill against it. */
  readonly persistenceRmse: number;
  readonly skill: number;
  /** RMSE of repeating the listeners' present label, which nobody has in use. */
  readonly labelPersistenceRmse: number;
  /** R² of the change alone: of what the listeners' label changed, what the forecast said beforehand. */
  readonly changeR2: number;
}

export interface Report {
  readonly songs: number;
  readonly steps: number;
  readonly axes: Readonly<Record<Axis, AxisReport>>;
  readonly quadrants: QuadrantScores;
  readonly forecast: readonly {
    readonly horizon: number;
    readonly axes: Readonly<Record<Axis, ForecastReport>>;
  }[];
}

/**
 * Judges what was said against what listeners said.
 *
 * @param songs the steps of each song
 * @param constant the mean label of the training songs
 */
export function judge(
  songs: readonly (readonly ScoredStep[])[],
  constant: Readonly<Record<Axis, number>>,
): Report {
  const steps = songs.flat();
  return {
    songs: songs.length,
    steps: steps.length,
    axes: byAxis((axis) => ({
      ...axisScores(
        songs.map((song) =>
          seriesOf(
            song,
            (s) => s.said[axis],
            (s) => s.label[axis],
          ),
        ),
      ),
      ...intervalScores(
        steps.map(({ label, said, sd }) => ({
          label: label[axis],
          low: said[axis] - Z90 * sd[axis],
          high: said[axis] + Z90 * sd[axis],
        })),
      ),
      coverageByThird: coverageByThird(steps, axis),
      constantRmse: rmse(
        seriesOf(
          steps,
          () => constant[axis],
          (s) => s.label[axis],
        ),
      ),
    })),
    quadrants: quadrantScores(
      steps.map(({ said }) => quadrantOf(said.valence, said.arousal)),
      steps.map(({ label }) => quadrantOf(label.valence, label.arousal)),
    ),
    forecast: FORECAST_HORIZONS.map((horizon, i) => ({
      horizon,
      axes: byAxis((axis) => judgeForecast(steps, i, axis)),
    })),
  };
}

function judgeForecast(steps: readonly ScoredStep[], horizon: number, axis: Axis): ForecastReport {
  const pairs = steps.flatMap((step) => (step.ahead[horizon] ? [{ step, ahead: step.ahead[horizon] }] : []));
  const later = (pair: (typeof pairs)[number]) => pair.ahead.label[axis];
  const error = rmse(seriesOf(pairs, ({ ahead }) => ahead.said[axis], later));
  const persistenceRmse = rmse(seriesOf(pairs, ({ step }) => step.said[axis], later));
  return {
    n: pairs.length,
    rmse: error,
    persistenceRmse,
    skill: skill(error, persistenceRmse),
    labelPersistenceRmse: rmse(seriesOf(pairs, ({ step }) => step.label[axis], later)),
    changeR2: skill(
      rmse(
        seriesOf(
          pairs,
          ({ step, ahead }) => ahead.said[axis] - step.said[axis],
          ({ step, ahead }) => ahead.label[axis] - step.label[axis],
        ),
      ),
      rmse(
        seriesOf(
          pairs,
          () => 0,
          ({ step, ahead }) => ahead.label[axis] - step.label[axis],
        ),
      ),
    ),
    ...intervalScores(
      pairs.map(({ ahead }) => ({ label: ahead.label[axis], low: ahead.low[axis], high: ahead.high[axis] })),
    ),
  };
}

function coverageByThird(steps: readonly ScoredStep[], axis: Axis): number[] {
  const sorted = steps.toSorted((a, b) => a.sd[axis] - b.sd[axis]);
  return [0, 1, 2].map((i) => {
    const third = sorted.slice((i * sorted.length) / 3, ((i + 1) * sorted.length) / 3);
    const inside = third.filter(
      ({ label, said, sd }) => Math.abs(label[axis] - said[axis]) <= Z90 * sd[axis],
    );
    return inside.length / third.length;
  });
}

function intervalScores(
  intervals: readonly { readonly label: number; readonly low: number; readonly high: number }[],
): IntervalScores {
  const inside = intervals.filter(({ label, low, high }) => label >= low && label <= high).length;
  const width = intervals.reduce((sum, { low, high }) => sum + high - low, 0);
  return { coverage: inside / intervals.length, width: width / intervals.length };
}

function seriesOf<T>(
  items: readonly T[],
  predicted: (item: T) => number,
  actual: (item: T) => number,
): Series {
  return { predicted: Float64Array.from(items, predicted), actual: Float64Array.from(items, actual) };
}

function byAxis<T>(of: (axis: Axis) => T): Record<Axis, T> {
  return { valence: of('valence'), arousal: of('arousal') };
}

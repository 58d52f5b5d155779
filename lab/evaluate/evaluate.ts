import { quadrantOf } from '../../src/mood.ts';
import { type Axis, FORECAST_HORIZONS, Z90 } from '../../src/types.ts';
import { type SeparationScores, separationScores } from './axis-separation.ts';
import { classScores, confusionOf } from './classification.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { type AxisScores, axisScores, rmse, type Series, skill } from './metrics.ts';
import { scoresOverTime, type TimeScores } from './over-time.ts';

/** Label, prediction and forecasts at one step. */
export interface EvaluatedStep {
  /** Path of the clip's audio. */
  readonly file: string;
  /** Seconds since the beginning of the clip. */
  readonly t: number;
  readonly label: Readonly<Record<Axis, number>>;
  readonly predicted: Readonly<Record<Axis, number>>;
  readonly sd: Readonly<Record<Axis, number>>;
  /** One for each of `FORECAST_HORIZONS`; undefined where no label exists that far ahead. */
  readonly ahead: readonly (EvaluatedForecast | undefined)[];
}

interface EvaluatedForecast {
  readonly label: Readonly<Record<Axis, number>>;
  readonly predicted: Readonly<Record<Axis, number>>;
  readonly low: Readonly<Record<Axis, number>>;
  readonly high: Readonly<Record<Axis, number>>;
}

interface IntervalScores {
  /** Share of labels inside the 90 % interval, and its mean width. */
  readonly coverage: number;
  readonly width: number;
}

type AxisReport = AxisScores &
  Coverage & {
    /** Mean width of the 90 % interval. */
    readonly width: number;
    /** RMSE of always predicting the mean label of the training songs. */
    readonly constantRmse: number;
  };

export interface ForecastReport extends IntervalScores {
  readonly n: number;
  readonly rmse: number;
  /** RMSE of repeating the model's current output, which is available in live use; and skill against it. */
  readonly persistenceRmse: number;
  readonly skill: number;
  /** RMSE of repeating the current label, which is not available in live use. */
  readonly labelPersistenceRmse: number;
  /** R² of the change alone: forecast change against change of the label. */
  readonly changeR2: number;
}

interface QuadrantScores {
  /** Share of steps in the right quadrant of the circumplex. */
  readonly accuracy: number;
  /** Mean F1 over the quadrants that are predicted or true. */
  readonly macroF1: number;
}

export interface Report {
  readonly songs: number;
  readonly steps: number;
  readonly axes: Readonly<Record<Axis, AxisReport>>;
  readonly quadrants: QuadrantScores;
  readonly separation: SeparationScores;
  readonly overTime: readonly TimeScores[];
  readonly forecast: readonly {
    readonly horizon: number;
    readonly axes: Readonly<Record<Axis, ForecastReport>>;
  }[];
}

/**
 * Scores predictions and forecasts against labels.
 *
 * @param songs the steps of each song
 * @param constant the mean label of the training songs
 */
export function evaluate(
  songs: readonly (readonly EvaluatedStep[])[],
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
            (s) => s.predicted[axis],
            (s) => s.label[axis],
          ),
        ),
      ),
      ...coverageOf(steps, axis),
      width: steps.reduce((sum, { sd }) => sum + 2 * Z90 * sd[axis], 0) / steps.length,
      constantRmse: rmse(
        seriesOf(
          steps,
          () => constant[axis],
          (s) => s.label[axis],
        ),
      ),
    })),
    quadrants: quadrantScores(steps),
    separation: separationScores(byClip(steps)),
    overTime: scoresOverTime(steps),
    forecast: FORECAST_HORIZONS.map((horizon, i) => ({
      horizon,
      axes: byAxis((axis) => evaluateForecast(steps, i, axis)),
    })),
  };
}

function evaluateForecast(steps: readonly EvaluatedStep[], horizon: number, axis: Axis): ForecastReport {
  const pairs = steps.flatMap((step) => (step.ahead[horizon] ? [{ step, ahead: step.ahead[horizon] }] : []));
  const later = (pair: (typeof pairs)[number]) => pair.ahead.label[axis];
  const error = rmse(seriesOf(pairs, ({ ahead }) => ahead.predicted[axis], later));
  const persistenceRmse = rmse(seriesOf(pairs, ({ step }) => step.predicted[axis], later));
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
          ({ step, ahead }) => ahead.predicted[axis] - step.predicted[axis],
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

function byClip(steps: readonly EvaluatedStep[]): EvaluatedStep[][] {
  const clips = new Map<string, EvaluatedStep[]>();
  for (const step of steps) {
    const clip = clips.get(step.file);
    if (clip) clip.push(step);
    else clips.set(step.file, [step]);
  }
  return [...clips.values()];
}

function quadrantScores(steps: readonly EvaluatedStep[]): QuadrantScores {
  const { accuracy, f1 } = classScores(
    confusionOf(
      steps.map(({ predicted }) => quadrantOf(predicted.valence, predicted.arousal)),
      steps.map(({ label }) => quadrantOf(label.valence, label.arousal)),
    ),
  );
  return { accuracy, macroF1: f1 };
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

import { AXES, type Axis, FORECAST_HORIZONS } from '../../../src/types.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { labelBetween } from '../../datasets/dataset.ts';
import type { LabeledClip } from '../labeled-clips.ts';
import type { StoredPrediction } from '../prediction-store.ts';
import { HORIZONS } from './pair-windows.ts';

/** RMSE against the label at one horizon on one axis. */
interface DeployedScores {
  readonly n: number;
  /** Repeating the current output. */
  readonly persistence: number;
  /** The forecast of the deployed model: its current output plus the calibrated share of the expected change. */
  readonly forecast: number;
  /** The current output plus the whole expected change. */
  readonly whole: number;
}

export interface DeployedReport {
  readonly horizons: readonly {
    readonly horizon: number;
    /** Share of the expected change that the deployed model adds. */
    readonly share: Readonly<Record<Axis, number>>;
    readonly axes: Readonly<Record<Axis, DeployedScores>>;
  }[];
}

/** Share of the expected change for each of `FORECAST_HORIZONS`. */
type ChangeScale = readonly Readonly<Record<Axis, number>>[];

/**
 * Evaluates forecasts that start at a system's own outputs, as in live use, where labels are not available.
 *
 * @param predictions of all folds, with `changes`
 * @param evaluated the labeled clips of each fold
 */
export function asDeployed(
  predictions: readonly StoredPrediction[],
  evaluated: readonly (readonly LabeledClip[])[],
  dataset: Dataset,
  changeScale: ChangeScale,
): DeployedReport {
  const horizons = HORIZONS.map((horizon) => {
    const column = FORECAST_HORIZONS.indexOf(horizon);
    const share = changeScale[column]!;
    const sums = { valence: [0, 0, 0, 0], arousal: [0, 0, 0, 0] };
    for (const [f, { steps, changes }] of predictions.entries()) {
      const clips = evaluated[f]!.flatMap(({ clip, steps: ofClip }) => ofClip.map(() => clip));
      for (const [i, { t, predicted }] of steps.entries()) {
        const later = labelBetween(dataset, clips[i]!, 1000 * (t + horizon));
        if (!later) continue;
        for (const [a, axis] of AXES.entries()) {
          const change = changes![i * 2 * FORECAST_HORIZONS.length + 2 * column + a]!;
          const sum = sums[axis];
          sum[0]!++;
          sum[1]! += (predicted[axis] - later[axis]) ** 2;
          sum[2]! += (predicted[axis] + share[axis] * change - later[axis]) ** 2;
          sum[3]! += (predicted[axis] + change - later[axis]) ** 2;
        }
      }
    }
    const scores = ([n, ...squares]: number[]): DeployedScores => {
      const [persistence, forecast, whole] = squares.map((sum) => Math.sqrt(sum / n!));
      return { n: n!, persistence: persistence!, forecast: forecast!, whole: whole! };
    };
    return { horizon, share, axes: { valence: scores(sums.valence), arousal: scores(sums.arousal) } };
  });
  return { horizons };
}

import { AXES, type Axis, FORECAST_HORIZONS } from '../../../src/types.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { labelBetween } from '../../datasets/dataset.ts';
import type { LabelledClip } from '../labelled-clips.ts';
import type { KeptAnswer } from '../prediction-store.ts';
import { HORIZONS } from './pair-windows.ts';

/** Of one horizon and axis: RMSE against the listeners' label by then. */
export interface DeployedScores {
  readonly n: number;
  /** If its last output stays: what anyone can do who has it. */
  readonly persistence: number;
  /** What it says in use: its last output and as much of the expected change as proved to come true. */
  readonly forecast: number;
  /** With all of the expected change. */
  readonly whole: number;
}

export interface DeployedReport {
  readonly horizons: readonly {
    readonly horizon: number;
    /** The share of the expected change that the model in use believes. */
    readonly share: Readonly<Record<Axis, number>>;
    readonly axes: Readonly<Record<Axis, DeployedScores>>;
  }[];
}

/** Share of the expected change, one for each of `FORECAST_HORIZONS`. */
type ChangeScale = readonly Readonly<Record<Axis, number>>[];

/**
 * A system's forecasts from its own outputs, as in use: not from labels, which nobody has.
 *
 * @param answers with `changes`
 * @param judged the labelled clips of each answer
 */
export function asDeployed(
  answers: readonly KeptAnswer[],
  judged: readonly (readonly LabelledClip[])[],
  dataset: Dataset,
  changeScale: ChangeScale,
): DeployedReport {
  const horizons = HORIZONS.map((horizon) => {
    const column = FORECAST_HORIZONS.indexOf(horizon);
    const share = changeScale[column]!;
    const sums = { valence: [0, 0, 0, 0], arousal: [0, 0, 0, 0] };
    for (const [f, { steps, changes }] of answers.entries()) {
      const clips = judged[f]!.flatMap(({ clip, steps: ofClip }) => ofClip.map(() => clip));
      for (const [i, { t, said }] of steps.entries()) {
        const later = labelBetween(dataset, clips[i]!, 1000 * (t + horizon));
        if (!later) continue;
        for (const [a, axis] of AXES.entries()) {
          const change = changes![i * 2 * FORECAST_HORIZONS.length + 2 * column + a]!;
          const sum = sums[axis];
          sum[0]!++;
          sum[1]! += (said[axis] - later[axis]) ** 2;
          sum[2]! += (said[axis] + share[axis] * change - later[axis]) ** 2;
          sum[3]! += (said[axis] + change - later[axis]) ** 2;
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

import type { Predicted } from '../train/predict.ts';
import { type AxisScores, axisScores, type Series } from './metrics.ts';

export interface Scores {
  readonly valence: AxisScores;
  readonly arousal: AxisScores;
}

/** How well predictions fit their labels, both axes. */
export function scoresOf(predicted: readonly Predicted[]): Scores {
  return {
    valence: axisScores(predicted.map((p) => seriesOf(p, 0))),
    arousal: axisScores(predicted.map((p) => seriesOf(p, 1))),
  };
}

/**
 * One number to choose weights by: the mean of R² and CCC over both axes. R² alone prefers timid
 * weights that stay near the mean, CCC alone bold ones.
 */
export function choiceScore({ valence, arousal }: Scores): number {
  return (valence.r2 + valence.ccc + arousal.r2 + arousal.ccc) / 4;
}

function seriesOf({ sequence, emotion }: Predicted, axis: number): Series {
  const steps = [...Array(sequence.steps).keys()].filter(
    (k) => !Number.isNaN(sequence.labels[k * 2 + axis]!),
  );
  return {
    predicted: Float64Array.from(steps, (k) => emotion[k * 2 + axis]!),
    actual: Float64Array.from(steps, (k) => sequence.labels[k * 2 + axis]!),
  };
}

import { AXES, type Axis } from '../../src/types.ts';
import type { Predicted } from '../train/predict.ts';
import { shareInside } from './coverage.ts';
import { type AxisScores, axisScores, type Series } from './metrics.ts';
import { byClip, type ScoredStep } from './scored-steps.ts';

export interface Scores {
  readonly valence: AxisScores;
  readonly arousal: AxisScores;
}

/** Scores of predictions against their labels, both axes. */
export function scoresOf(predicted: readonly Predicted[]): Scores {
  return {
    valence: axisScores(predicted.map((p) => seriesOf(p, 0))),
    arousal: axisScores(predicted.map((p) => seriesOf(p, 1))),
  };
}

/** The same of single steps, grouped by clip. */
export function scoresOfSteps(steps: readonly ScoredStep[]): Scores {
  const all = byClip(steps);
  return {
    valence: axisScores(seriesOfSteps(all, 'valence')),
    arousal: axisScores(seriesOfSteps(all, 'arousal')),
  };
}

export type TrackingScores = AxisScores & {
  /** Share of labels inside the 90 % interval of the predicted standard deviation. */
  readonly coverage: number;
};

/** Scores of each axis with interval coverage. @param songs the steps of each song */
export function trackingScores(songs: Iterable<readonly ScoredStep[]>): Record<Axis, TrackingScores> {
  const all = [...songs];
  const steps = all.flat();
  const ofAxis = (axis: Axis): TrackingScores => ({
    ...axisScores(seriesOfSteps(all, axis)),
    coverage: shareInside(steps, axis),
  });
  return { valence: ofAxis(AXES[0]), arousal: ofAxis(AXES[1]) };
}

/** RMSE over both axes at once, as some of the literature reports it. */
export function pooledRmse({ valence, arousal }: Record<Axis, Pick<AxisScores, 'rmse'>>): number {
  return Math.sqrt((valence.rmse ** 2 + arousal.rmse ** 2) / 2);
}

/**
 * One number to choose weights by: the mean of R² and CCC over both axes. R² alone prefers predictions that stay near
 * the mean, CCC alone those that exaggerate.
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

function seriesOfSteps(groups: readonly (readonly ScoredStep[])[], axis: Axis): Series[] {
  return groups.map((steps) => ({
    predicted: Float64Array.from(steps, ({ predicted }) => predicted[axis]),
    actual: Float64Array.from(steps, ({ label }) => label[axis]),
  }));
}

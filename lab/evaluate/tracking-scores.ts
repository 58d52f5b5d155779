import { AXES, type Axis, Z90 } from '../../src/types.ts';
import { type AxisScores, axisScores } from './metrics.ts';
import type { ScoredStep } from './scored-steps.ts';

export type TrackingScores = AxisScores & {
  /** Share of labels within the 90 % interval that the standard deviation claims. */
  readonly coverage: number;
};

/** How each axis was tracked. @param songs the steps of each song */
export function trackingScores(songs: Iterable<readonly ScoredStep[]>): Record<Axis, TrackingScores> {
  const all = [...songs];
  const ofAxis = (axis: Axis): TrackingScores => {
    const series = all.map((steps) => ({
      predicted: Float64Array.from(steps, ({ said }) => said[axis]),
      actual: Float64Array.from(steps, ({ label }) => label[axis]),
    }));
    const steps = all.flat();
    const held = steps.filter(({ label, said, sd }) => Math.abs(label[axis] - said[axis]) <= Z90 * sd[axis]);
    return { ...axisScores(series), coverage: held.length / steps.length };
  };
  return { valence: ofAxis(AXES[0]), arousal: ofAxis(AXES[1]) };
}

/** Over both axes at once, as some of the literature gives it. */
export function pooledRmse(scores: Record<Axis, Pick<AxisScores, 'rmse'>>): number {
  return Math.sqrt((scores.valence.rmse ** 2 + scores.arousal.rmse ** 2) / 2);
}

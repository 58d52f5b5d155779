import { type Axis, Z90 } from '../../src/types.ts';

/** Label, prediction and standard deviation of one step. */
interface Step {
  readonly label: Readonly<Record<Axis, number>>;
  readonly predicted: Readonly<Record<Axis, number>>;
  readonly sd: Readonly<Record<Axis, number>>;
}

export interface Coverage {
  /** Share of labels inside the 90 % interval. */
  readonly coverage: number;
  /** The same in each third of the steps, smallest sd first. */
  readonly coverageByThird: readonly number[];
}

export function coverageOf(steps: readonly Step[], axis: Axis): Coverage {
  const sorted = steps.toSorted((a, b) => a.sd[axis] - b.sd[axis]);
  const third = (i: number) => Math.floor((i * sorted.length) / 3);
  return {
    coverage: shareInside(steps, axis),
    coverageByThird: [0, 1, 2].map((i) => shareInside(sorted.slice(third(i), third(i + 1)), axis)),
  };
}

/** Share of labels at most 1.645 sd from the prediction. */
export function shareInside(steps: readonly Step[], axis: Axis): number {
  const inside = steps.filter(
    ({ label, predicted, sd }) => Math.abs(label[axis] - predicted[axis]) <= Z90 * sd[axis],
  );
  return inside.length / steps.length;
}

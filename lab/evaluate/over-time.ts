import type { Axis } from '../../src/types.ts';
import { shareInside } from './coverage.ts';
import { r2Of } from './metrics.ts';

/** Seconds since the beginning of a clip at which it is evaluated. */
export const TIMES = [1, 2, 5, 10, 20, 40] as const;

/** Label, prediction and standard deviation `t` seconds after the beginning of a clip. */
interface Step {
  readonly t: number;
  readonly label: Readonly<Record<Axis, number>>;
  readonly predicted: Readonly<Record<Axis, number>>;
  readonly sd: Readonly<Record<Axis, number>>;
}

/** Scores of the steps that end `seconds` after the beginning of their clips. */
export interface TimeScores {
  readonly seconds: number;
  /** Number of clips with a label and a prediction at that time. */
  readonly clips: number;
  /** NaN with fewer than two clips. */
  readonly axes: Readonly<Record<Axis, { readonly r2: number; readonly coverage: number }>>;
}

/**
 * How R² and the coverage of the 90 % interval develop within a clip, which starts from a fresh state. Clips differ in
 * length and labels, so a time is comparable with another only where both have the same clips.
 */
export function scoresOverTime(steps: readonly Step[]): TimeScores[] {
  return TIMES.map((seconds) => {
    const then = steps.filter(({ t }) => Math.abs(t - seconds) < 1e-6);
    const scores = (axis: Axis) => ({
      r2: then.length < 2 ? Number.NaN : r2Of(seriesOf(then, axis)),
      coverage: then.length < 2 ? Number.NaN : shareInside(then, axis),
    });
    return {
      seconds,
      clips: then.length,
      axes: { valence: scores('valence'), arousal: scores('arousal') },
    };
  });
}

function seriesOf(steps: readonly Step[], axis: Axis) {
  return {
    predicted: Float64Array.from(steps, ({ predicted }) => predicted[axis]),
    actual: Float64Array.from(steps, ({ label }) => label[axis]),
  };
}

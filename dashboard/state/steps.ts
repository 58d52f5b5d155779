import type { Activity } from '../../src/frame-fields.ts';

/** Steps in columns, oldest first: index 0 … length − 1. Values without music are NaN. */
export interface Steps {
  readonly length: number;
  /** Seconds from one step to the next: 0.5, or more for means over longer times. */
  readonly stepSeconds: number;
  /** Between steps further apart than this, audio is missing, unless `gapBefore` knows more. */
  readonly gapSeconds: number;
  /** End of the step in seconds since 1970, strictly rising. */
  x(i: number): number;
  /**
   * The step before this one is at most so far away (s), or there is a hole between them: time without data. More than
   * `gapSeconds` for steps of a slow source, between which no step is missing.
   */
  gapBefore(i: number): number;
  valence(i: number): number;
  arousal(i: number): number;
  /** Ends of the band: the 90 % interval of a step, the least and greatest value of a mean; NaN without one. */
  valenceLow(i: number): number;
  valenceHigh(i: number): number;
  arousalLow(i: number): number;
  arousalHigh(i: number): number;
  activity(i: number): Activity;
  mood(i: number): string | null;
  isMusic(i: number): boolean;
}

/** The steps of `steps` with `from` < x ≤ `to`. */
export interface Part {
  readonly steps: Steps;
  readonly from: number;
  readonly to: number;
}

/** A range of time in seconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Index of the first step with x > `at`. */
export function firstAfter(steps: Steps, at: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps.x(middle) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

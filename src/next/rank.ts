import { distance } from './distance.ts';
import type { Ending } from './ending.ts';
import type { Opening } from './opening.ts';
import { fits } from './rule.ts';

export interface Heard {
  readonly file: string;
  readonly opening: Opening;
}

export interface Ranked extends Heard {
  /** From 1. */
  readonly rank: number;
  readonly distance: number;
  /** Whether it is within the paper's rule. */
  readonly fits: boolean;
}

export interface RankOptions {
  readonly tolerance: number;
  /** Those within the rule before all others, however near these are. */
  readonly fitsFirst: boolean;
}

/** The nearest first; those equally near in the order in which they came. */
export function rank(
  ending: Ending,
  heard: readonly Heard[],
  { tolerance, fitsFirst }: RankOptions,
): Ranked[] {
  return heard
    .map(({ file, opening }) => ({
      file,
      opening,
      distance: distance(ending.forecast, opening.path),
      fits: fits(ending, opening, tolerance),
    }))
    .sort((a, b) => (fitsFirst ? Number(b.fits) - Number(a.fits) : 0) || a.distance - b.distance)
    .map((one, i) => ({ rank: i + 1, ...one }));
}

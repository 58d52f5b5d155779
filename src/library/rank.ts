import { FORECAST_HORIZONS } from '../types.ts';
import { distance } from './distance.ts';
import type { Ending, Opening } from './passages.ts';

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

/** The tolerance of Jhanji (2024, arXiv 2403.17379). */
export const PAPER_TOLERANCE = 0.05;

/**
 * That paper's rule: a track fits if the first emotion of it lies within ± `tolerance` of the next one that is
 * forecast, on both axes. Its next value is half a second ahead, as our first horizon and first step are.
 */
export function fits(ending: Ending, opening: Opening, tolerance: number): boolean {
  const next = ending.forecast.find(({ horizon }) => horizon === FORECAST_HORIZONS[0]);
  const first = opening.path[0];
  if (!next || !first) return false;
  const reach = tolerance + ROUNDING;
  return Math.abs(first.valence - next.valence) <= reach && Math.abs(first.arousal - next.arousal) <= reach;
}

/** Frames are rounded: on the border is within. */
const ROUNDING = 1e-9;

import { FORECAST_HORIZONS } from '../types.ts';
import { distance } from './distance.ts';
import type { Ending, Opening } from './passages.ts';

/** A candidate and how it begins. */
export interface FileOpening {
  readonly file: string;
  readonly opening: Opening;
}

export interface Ranked extends FileOpening {
  /** From 1. */
  readonly rank: number;
  /** From the forecast; see `distance.ts`. */
  readonly distance: number;
  /** Whether the paper's rule accepts it. */
  readonly fits: boolean;
}

export interface RankOptions {
  /** Of the paper's rule, on each axis. */
  readonly tolerance: number;
  /** Tracks that the rule accepts come before all others. */
  readonly fitsFirst: boolean;
}

/** Sorts by distance, nearest first. Tracks with equal distances keep their order. */
export function rank(
  ending: Ending,
  candidates: readonly FileOpening[],
  { tolerance, fitsFirst }: RankOptions,
): Ranked[] {
  return candidates
    .map(({ file, opening }) => ({
      file,
      opening,
      distance: distance(ending, opening.path),
      fits: fits(ending, opening, tolerance),
    }))
    .sort((a, b) => (fitsFirst ? Number(b.fits) - Number(a.fits) : 0) || a.distance - b.distance)
    .map((one, i) => ({ rank: i + 1, ...one }));
}

/** The tolerance of Jhanji (2024, arXiv 2403.17379). */
export const PAPER_TOLERANCE = 0.05;

/** Frames are rounded; a value exactly at the tolerance fits. */
const ROUNDING = 1e-9;

/**
 * The rule of that paper: a track fits if its first emotion is within ± `tolerance` of the next predicted emotion on
 * both axes. There as here, the next value is half a second ahead.
 */
export function fits(ending: Pick<Ending, 'forecast'>, opening: Opening, tolerance: number): boolean {
  const next = ending.forecast.find(({ horizon }) => horizon === FORECAST_HORIZONS[0]);
  const first = opening.path[0];
  if (!next || !first) return false;
  const limit = tolerance + ROUNDING;
  return Math.abs(first.valence - next.valence) <= limit && Math.abs(first.arousal - next.arousal) <= limit;
}

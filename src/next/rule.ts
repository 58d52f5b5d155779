import { FORECAST_HORIZONS } from '../types.ts';
import type { Ending } from './ending.ts';
import type { Opening } from './opening.ts';

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

import { FORECAST_HORIZONS, type Forecast, Z90 } from '../types.ts';

/** The prediction for the current step of one stream. */
export interface Present {
  readonly valence: number;
  readonly arousal: number;
  /** Calibrated standard deviations. */
  readonly valenceSd: number;
  readonly arousalSd: number;
}

/** The forecast of a model that has learned none: at each horizon the present point with its 90 % interval. */
export function readingStays({ valence, arousal, valenceSd, arousalSd }: Present): Forecast[] {
  return FORECAST_HORIZONS.map((horizon) => ({
    horizon,
    valence,
    arousal,
    valenceLow: clamp(valence - Z90 * valenceSd),
    valenceHigh: clamp(valence + Z90 * valenceSd),
    arousalLow: clamp(arousal - Z90 * arousalSd),
    arousalHigh: clamp(arousal + Z90 * arousalSd),
  }));
}

/** Limits a prediction to the range of the axes, [-1, 1]. */
export function clamp(x: number): number {
  return Math.max(-1, Math.min(1, x));
}

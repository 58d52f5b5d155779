import { FORECAST_HORIZONS, type Forecast } from '../types.ts';
import type { Calibration } from './calibration.ts';

/** The prediction for the current step of one stream, and the changes that the network expects from it. */
export interface ForecastBasis {
  readonly valence: number;
  readonly arousal: number;
  /** Calibrated standard deviations. */
  readonly valenceSd: number;
  readonly arousalSd: number;
  /** The expected change up to horizon `i` of `FORECAST_HORIZONS`. */
  readonly valenceChange: (i: number) => number;
  readonly arousalChange: (i: number) => number;
}

/**
 * The forecast for each horizon: the current prediction plus the calibrated share of the expected change. The width of
 * the interval was measured on songs outside the training set.
 */
export function forecastOf(
  now: ForecastBasis,
  { forecastWidth, changeScale }: Pick<Calibration, 'forecastWidth' | 'changeScale'>,
): Forecast[] {
  return FORECAST_HORIZONS.map((horizon, i) => {
    const valence = clamp(now.valence + changeScale[i]!.valence * now.valenceChange(i));
    const arousal = clamp(now.arousal + changeScale[i]!.arousal * now.arousalChange(i));
    const valenceReach = now.valenceSd * forecastWidth[i]!.valence;
    const arousalReach = now.arousalSd * forecastWidth[i]!.arousal;
    return {
      horizon,
      valence,
      arousal,
      valenceLow: clamp(valence - valenceReach),
      valenceHigh: clamp(valence + valenceReach),
      arousalLow: clamp(arousal - arousalReach),
      arousalHigh: clamp(arousal + arousalReach),
    };
  });
}

/** Limits a prediction to the range of the axes, [-1, 1]. */
export function clamp(x: number): number {
  return Math.max(-1, Math.min(1, x));
}

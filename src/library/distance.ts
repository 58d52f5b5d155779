import { AXES, type Axis, type Forecast, Z90 } from '../types.ts';
import type { Ending, OpeningStep } from './passages.ts';

/** An opening shorter than this has few settled predictions to compare. */
export const MIN_OPENING_SECONDS = 5;

/**
 * From a fresh state, predictions settle within 3 s: for the first steps, the prediction at 3 s has a smaller error
 * than the prediction made at the time. Later predictions are no better (docs/next.md).
 */
const SETTLED_SECONDS = 3;

/** Lower bound of a standard deviation, so that one overconfident prediction does not decide alone. */
const MIN_SD = 0.01;

/** A predicted value and its standard deviation. */
interface Expected {
  readonly value: number;
  readonly sd: number;
}

/**
 * How far an opening is from what the forecast predicts; 0 if it certainly agrees.
 *
 * Its square is the mean, over every half second of the opening and both axes, of
 * (f − c)² / (s² + σ²) + ln(1 + σ² / s²), with the forecast f ± s and the opening c ± σ. That is −2 ln of the
 * likelihood that both are at one point, relative to an opening known to be exactly where the forecast points. The
 * first term alone would prefer the most uncertain openings, since they are never many standard deviations away.
 *
 * The forecast is of the tracker's reading, so s² is the variance of the reading at the ending plus that of the forecast.
 *
 * @param path not empty
 */
export function distance(
  ending: Pick<Ending, 'forecast' | 'valenceSd' | 'arousalSd'>,
  path: readonly OpeningStep[],
): number {
  const { mismatch, doubt } = distanceParts(ending, path);
  return Math.sqrt(mismatch + doubt);
}

/** The means of the two terms of the squared distance: the difference in variances, and the logarithm. */
export function distanceParts(
  ending: Pick<Ending, 'forecast' | 'valenceSd' | 'arousalSd'>,
  path: readonly OpeningStep[],
): { readonly mismatch: number; readonly doubt: number } {
  let [mismatch, doubt] = [0, 0];
  for (const { at } of path) {
    for (const axis of AXES) {
      const { value, sd } = forecastAt(ending.forecast, at, axis);
      const opening = openingAt(path, at, axis);
      const forecastVariance = sd ** 2 + ending[`${axis}Sd`] ** 2;
      const variance = opening.sd ** 2 + forecastVariance;
      mismatch += (value - opening.value) ** 2 / variance;
      doubt += Math.log(variance / forecastVariance);
    }
  }
  const terms = path.length * AXES.length;
  return { mismatch: mismatch / terms, doubt: doubt / terms };
}

/** Linear between two horizons; constant after the last one. */
function forecastAt(forecast: readonly Forecast[], at: number, axis: Axis): Expected {
  const upper = forecast.find(({ horizon }) => horizon >= at) ?? forecast.at(-1)!;
  const lower = forecast.findLast(({ horizon }) => horizon < at) ?? upper;
  const share =
    upper.horizon > lower.horizon ? Math.min(1, (at - lower.horizon) / (upper.horizon - lower.horizon)) : 1;
  const [a, b] = [expectedOf(lower, axis), expectedOf(upper, axis)];
  return { value: a.value + share * (b.value - a.value), sd: a.sd + share * (b.sd - a.sd) };
}

/** The standard deviation comes from the wider side of the interval: the other may be cut off at the end of the axis. */
function expectedOf(forecast: Forecast, axis: Axis): Expected {
  const value = forecast[axis];
  const halfWidth = Math.max(forecast[`${axis}High`] - value, value - forecast[`${axis}Low`]);
  return { value, sd: Math.max(MIN_SD, halfWidth / Z90) };
}

/** The prediction at that time; for the unsettled first steps, the first settled one. */
function openingAt(path: readonly OpeningStep[], at: number, axis: Axis): Expected {
  const step = path.find((one) => one.at >= Math.max(at, SETTLED_SECONDS)) ?? path.at(-1)!;
  return { value: step[axis], sd: Math.max(MIN_SD, step[`${axis}Sd`]) };
}

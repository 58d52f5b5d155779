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
  const terms = path.flatMap(({ at }) =>
    AXES.map((axis) => {
      const { value, sd } = forecastAt(ending.forecast, at, axis);
      return term({ value, sd: Math.hypot(sd, ending[`${axis}Sd`]) }, openingAt(path, at, axis));
    }),
  );
  return Math.sqrt(terms.reduce((sum, one) => sum + one, 0) / terms.length);
}

function term(forecast: Expected, opening: Expected): number {
  const variance = opening.sd ** 2 + forecast.sd ** 2;
  return (forecast.value - opening.value) ** 2 / variance + Math.log(variance / forecast.sd ** 2);
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

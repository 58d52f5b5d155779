import { AXES, type Axis, type Forecast, Z90 } from '../types.ts';
import type { OpeningStep } from './passages.ts';

/**
 * Until then a tracker that has heard nothing before hears too little: what it says of the first half second has a
 * greater error than what it says of it in hindsight, at 3 s, and from there on hindsight gains nothing (docs/next.md).
 */
export const SETTLED_SECONDS = 3;

/** An opening shorter than this says little beyond its first settled word. */
export const LEAST_SECONDS = 5;

/** Nobody knows an emotion better than this, whatever a model claims; it keeps a boast from deciding alone. */
const LEAST_SD = 0.01;

/** A value, and how sure it is. */
interface Expected {
  readonly value: number;
  readonly sd: number;
}

/**
 * How far an opening is from going on as the forecast says: 0 where it certainly does.
 *
 * Squared, it is the mean over every half second of the opening and both axes of (f − c)² / (s² + σ²) + ln(1 + σ² / s²),
 * with the forecast f ± s and the opening c ± σ: −2 ln of how likely both are at one place, against that of an
 * opening known for certain to be where the forecast points. The first term alone would prefer openings of
 * which nothing is known, as they are never many standard deviations away.
 *
 * @param path not empty
 */
export function distance(forecast: readonly Forecast[], path: readonly OpeningStep[]): number {
  const terms = path.flatMap(({ at }) =>
    AXES.map((axis) => term(forecastAt(forecast, at, axis), openingAt(path, at, axis))),
  );
  return Math.sqrt(terms.reduce((sum, one) => sum + one, 0) / terms.length);
}

function term(forecast: Expected, opening: Expected): number {
  const known = opening.sd ** 2 + forecast.sd ** 2;
  return (forecast.value - opening.value) ** 2 / known + Math.log(known / forecast.sd ** 2);
}

/** On the straight line between two horizons; after the last, where that is: nothing else is known. */
function forecastAt(forecast: readonly Forecast[], at: number, axis: Axis): Expected {
  const later = forecast.find(({ horizon }) => horizon >= at) ?? forecast.at(-1)!;
  const sooner = forecast.findLast(({ horizon }) => horizon < at) ?? later;
  const share =
    later.horizon > sooner.horizon
      ? Math.min(1, (at - sooner.horizon) / (later.horizon - sooner.horizon))
      : 1;
  const [a, b] = [expectedOf(sooner, axis), expectedOf(later, axis)];
  return { value: a.value + share * (b.value - a.value), sd: a.sd + share * (b.sd - a.sd) };
}

/** Of the side of the interval that the end of the axis does not cut off. */
function expectedOf(forecast: Forecast, axis: Axis): Expected {
  const value = forecast[axis];
  const reach = Math.max(forecast[`${axis}High`] - value, value - forecast[`${axis}Low`]);
  return { value, sd: Math.max(LEAST_SD, reach / Z90) };
}

/** What is known of the opening at that time, with hindsight where it was not settled yet. */
function openingAt(path: readonly OpeningStep[], at: number, axis: Axis): Expected {
  const step = path.find((one) => one.at >= Math.max(at, SETTLED_SECONDS)) ?? path.at(-1)!;
  return { value: step[axis], sd: Math.max(LEAST_SD, step[`${axis}Sd`]) };
}

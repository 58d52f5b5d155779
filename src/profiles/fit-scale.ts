import type { AxisScale } from './profile.ts';

/** One piece on one axis: the model's reading without a profile, and its rating; both in [-1, 1]. */
export interface RatedReading {
  readonly reading: number;
  readonly rating: number;
}

/**
 * What is known about scales before any rating: rating = offset + slope · reading + noise, with offset ~ N(0,
 * offsetSd²), slope ~ N(1, slopeSd²) and noise ~ N(0, noiseSd²). Only the ratios matter: a prior with all three
 * doubled gives the same fit.
 */
export interface ScalePrior {
  readonly offsetSd: number;
  readonly slopeSd: number;
  readonly noiseSd: number;
}

/** A negative slope would turn an axis round, and a slope of 0 would make every piece the same. */
export const MIN_SLOPE = 0.1;

/**
 * The offset and slope with the greatest posterior probability (ridge regression towards no change):
 *
 *   minimize Σ (rating − offset − slope · reading)² + λₒ · offset² + λₛ · (slope − 1)²,
 *
 * with λₒ = (noiseSd / offsetSd)² and λₛ = (noiseSd / slopeSd)². Without ratings: offset 0, slope 1. If the slope
 * would be below MIN_SLOPE, it is MIN_SLOPE and the offset is the best for that slope.
 */
export function fitScale(rated: readonly RatedReading[], prior: ScalePrior): AxisScale {
  const offsetWeight = (prior.noiseSd / prior.offsetSd) ** 2;
  const slopeWeight = (prior.noiseSd / prior.slopeSd) ** 2;
  let [x, xx, d, xd] = [0, 0, 0, 0];
  for (const { reading, rating } of rated) {
    const difference = rating - reading;
    x += reading;
    xx += reading * reading;
    d += difference;
    xd += reading * difference;
  }
  const n = rated.length + offsetWeight;
  const determinant = n * (xx + slopeWeight) - x * x;
  const slope = Math.max(MIN_SLOPE, 1 + (n * xd - x * d) / determinant);
  return { offset: (d - (slope - 1) * x) / n, slope };
}

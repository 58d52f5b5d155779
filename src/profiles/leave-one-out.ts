import { scaled } from './apply-scale.ts';
import { fitScale, type RatedReading, type ScalePrior } from './fit-scale.ts';
import { type AxisErrors, type AxisFit, UNCHANGED } from './profile.ts';

/** With fewer ratings of an axis, nothing is fitted. */
export const MIN_RATINGS = 5;

/** 95 % of the t distribution lie below it, to 3 % from five ratings on (Abramowitz & Stegun 26.7.5, two terms). */
const certain = (ratings: number): number => 1.645 + 1.524 / (ratings - 1);

/** The squared error that a profile removes from the pieces it was not fitted on. */
export interface Gain {
  /** Mean over the pieces; positive if the profile helps. */
  readonly mean: number;
  /** Standard error of the mean. */
  readonly error: number;
}

export interface CheckedFit {
  readonly fit: AxisFit;
  readonly gain: Gain;
}

/**
 * Fits one axis, and checks the fit by leave-one-out: each piece is predicted with a fit of all others.
 *
 * @param rated at least MIN_RATINGS
 */
export function checkedFit(rated: readonly RatedReading[], prior: ScalePrior): CheckedFit {
  const before = rated.map((one) => squaredError(one, UNCHANGED));
  const after = rated.map((one) =>
    squaredError(
      one,
      fitScale(
        rated.filter((other) => other !== one),
        prior,
      ),
    ),
  );
  const gain = gainOf(before.map((error, i) => error - after[i]!));
  const helps = gain.mean <= 0 ? 'no' : gain.mean < certain(rated.length) * gain.error ? 'perhaps' : 'yes';
  const fit: AxisFit = {
    ...fitScale(rated, prior),
    ratings: rated.length,
    before: errorsOf(before, rated),
    after: errorsOf(after, rated),
    helps,
  };
  return { fit, gain };
}

function squaredError({ reading, rating }: RatedReading, scale: Parameters<typeof scaled>[0]): number {
  return (rating - scaled(scale, reading)) ** 2;
}

function gainOf(differences: readonly number[]): Gain {
  const mean = meanOf(differences);
  const variance = meanOf(differences.map((one) => (one - mean) ** 2));
  return { mean, error: Math.sqrt(variance / (differences.length - 1)) };
}

/** R² is relative to the mean of all ratings. */
function errorsOf(squared: readonly number[], rated: readonly RatedReading[]): AxisErrors {
  const mean = meanOf(rated.map(({ rating }) => rating));
  const variance = meanOf(rated.map(({ rating }) => (rating - mean) ** 2));
  const mse = meanOf(squared);
  return { rmse: Math.sqrt(mse), r2: variance > 1e-12 ? 1 - mse / variance : null };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

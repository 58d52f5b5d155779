import { AXES, type Axis } from '../types.ts';
import { UserError } from '../user-error.ts';
import type { RatedReading, ScalePrior } from './fit-scale.ts';
import { type CheckedFit, checkedFit, MIN_RATINGS } from './leave-one-out.ts';
import { SCALE_PRIOR } from './prior.ts';
import type { AxisFit, ProfileFit, Rating } from './profile.ts';

/** A fit of fewer ratings is uncertain. */
const ADVISED_RATINGS = 10;

export interface FitOptions {
  readonly prior?: ScalePrior;
  /** When it is fitted. */
  readonly time?: Date;
}

/**
 * Fits a profile to ratings: offset and slope of each axis that has at least MIN_RATINGS, shrunk towards no change, and
 * what they gain on pieces that they were not fitted on.
 *
 * @throws UserError `too-few-ratings` if no axis has enough
 */
export function fitProfile(
  ratings: readonly Rating[],
  { prior = SCALE_PRIOR, time = new Date() }: FitOptions = {},
): ProfileFit {
  const checked = new Map<Axis, CheckedFit>();
  for (const axis of AXES) {
    const rated = ratedOn(ratings, axis);
    if (rated.length >= MIN_RATINGS) checked.set(axis, checkedFit(rated, prior));
  }
  if (checked.size === 0) {
    const most = Math.max(...AXES.map((axis) => ratedOn(ratings, axis).length));
    throw new UserError(
      'too-few-ratings',
      `There are ${most} ratings; at least ${MIN_RATINGS} are needed to fit a profile, better ${ADVISED_RATINGS} to 40: rate more pieces.`,
    );
  }
  const gain = [...checked.values()].reduce((sum, one) => sum + one.gain.mean, 0);
  const advised = gain > 0;
  const axes = {
    valence: checked.get('valence')?.fit ?? null,
    arousal: checked.get('arousal')?.fit ?? null,
  };
  return { time: time.toISOString(), ...axes, advised, summary: summaryOf(axes, advised) };
}

function ratedOn(ratings: readonly Rating[], axis: Axis): RatedReading[] {
  return ratings.flatMap(({ reading, [axis]: rating }) =>
    rating === null ? [] : [{ reading: reading[axis], rating }],
  );
}

/** What the profile gained, in sentences. */
function summaryOf(axes: Readonly<Record<Axis, AxisFit | null>>, advised: boolean): string {
  const sentences = AXES.flatMap((axis) => {
    const fit = axes[axis];
    return fit ? [sentenceOf(axis, fit)] : [];
  });
  const few = Math.max(...AXES.map((axis) => axes[axis]?.ratings ?? 0)) < ADVISED_RATINGS;
  return [
    ...sentences,
    ...(advised ? [] : ['The profile does not help and is not advised.']),
    ...(few ? [`Rate at least ${ADVISED_RATINGS} pieces for a fit that can be relied on.`] : []),
  ].join(' ');
}

function sentenceOf(axis: Axis, { before, after, helps }: AxisFit): string {
  const name = axis === 'valence' ? 'Valence' : 'Arousal';
  const [from, to] = [before.rmse.toFixed(3), after.rmse.toFixed(3)];
  switch (helps) {
    case 'yes':
      return `${name}: the error on other pieces falls from ${from} to ${to}.`;
    case 'perhaps':
      return `${name}: the error on other pieces falls from ${from} to ${to}, which may be chance.`;
    case 'no':
      return `${name}: the error on other pieces does not fall (${from} before, ${to} after).`;
  }
}

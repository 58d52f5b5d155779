import { AXES } from '../types.ts';
import { textTable } from '../util/text-table.ts';
import { scaled } from './apply-scale.ts';
import { type Profile, type Rating, type Scale, scaleOf } from './profile.ts';

/** One line for each profile. */
export function profileList(profiles: readonly Profile[]): string {
  const rows = profiles.map(({ name, model, ratings, fit }) => [
    name,
    model,
    String(ratings.length),
    fit ? fit.time.slice(0, 16).replace('T', ' ') : 'never',
    fit ? (fit.advised ? 'yes' : 'no') : '',
  ]);
  return textTable([['NAME', 'MODEL', 'RATINGS', 'FITTED', 'HELPS'], ...rows], { align: 'llrl' });
}

/** The fit of a profile, what it gained, and every rating. */
export function profileText(profile: Profile): string {
  const { name, model, ratings, fit } = profile;
  const head = `Profile "${name}" for the model ${model}, ${ratings.length} ratings`;
  if (!fit) return [`${head}, not fitted yet.`, '', ratingTable(ratings)].join('\n');
  return [`${head}.`, '', ratingTable(ratings, scaleOf(profile)), '', fitTable(fit), '', fit.summary].join(
    '\n',
  );
}

function fitTable(fit: NonNullable<Profile['fit']>): string {
  const rows = AXES.map((axis) => {
    const one = fit[axis];
    if (!one) return [axis, 'too few ratings: unchanged'];
    const { offset, slope, before, after } = one;
    const scores = [before, after].flatMap(({ rmse, r2 }) => [
      rmse.toFixed(3),
      r2 === null ? '' : r2.toFixed(2),
    ]);
    return [axis, String(one.ratings), signed(offset), slope.toFixed(2), ...scores];
  });
  const head = ['', 'ratings', 'offset', 'slope', 'RMSE before', 'R2 before', 'RMSE after', 'R2 after'];
  return `${textTable([head, ...rows])}\nAfter: leave-one-out, each piece with a fit of the others.`;
}

function ratingTable(ratings: readonly Rating[], scale?: Scale): string {
  const rows = ratings.map((one) => [
    one.piece,
    ...AXES.flatMap((axis) => {
      const rating = one[axis];
      const reading = one.reading[axis];
      return [
        rating === null ? '' : signed(rating),
        signed(reading),
        ...(scale ? [signed(scaled(scale[axis], reading))] : []),
      ];
    }),
  ]);
  const head = AXES.flatMap((axis) => [axis, 'reading', ...(scale ? ['calibrated'] : [])]);
  return textTable([['piece', ...head], ...rows]);
}

function signed(x: number): string {
  const text = Math.abs(x).toFixed(2);
  return text === '0.00' ? text : `${x < 0 ? '−' : '+'}${text}`;
}

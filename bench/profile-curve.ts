/*
 * What does a profile gain, by the number of rated songs? Each fold of a protocol run is a group of listeners or of
 * music that the model was not trained on: rates some of its songs with the listeners' labels, fits a profile, and scores
 * all other songs of the fold, step by step.
 *
 *   undertone train --data DIR --protocol years --out runs/years
 *   npm run bench profile-curve -- runs/years runs/genres
 *
 * The prior of each fold is estimated from the other folds; that of all folds is the one in src/profiles/priors.ts.
 */
import { parseArgs } from 'node:util';
import { estimatePrior } from '../lab/profiles/estimate-prior.ts';
import { type CurvePoint, profileCurve } from '../lab/profiles/profile-curve.ts';
import { ratedSongs } from '../lab/profiles/rated-songs.ts';
import { readProtocolRun } from '../lab/train/protocol-run.ts';
import { Random } from '../lab/train/random.ts';
import type { ScalePrior } from '../src/profiles/fit-scale.ts';
import { AXES, type Axis } from '../src/types.ts';
import { markdownTable } from '../src/util/text-table.ts';

const { values, positionals } = parseArgs({
  options: { draws: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const COUNTS = [0, 5, 10, 20, 40];
const folds = (await Promise.all(positionals.map(readProtocolRun))).flatMap(({ folds }) => folds);

const groups = folds.map(({ name, steps }) => ({
  name,
  valence: ratedSongs(steps, 'valence'),
  arousal: ratedSongs(steps, 'arousal'),
}));
/** One prior for both axes: how a rater uses a scale is a habit, and there are few folds. */
const priorOf = (some: typeof groups) =>
  estimatePrior(some.flatMap(({ valence, arousal }) => [valence, arousal]));

for (const axis of AXES) {
  const curves = groups.map(({ name, [axis]: songs }) => {
    const prior = priorOf(groups.filter((one) => one.name !== name));
    const random = new Random(Number(values.seed));
    const curve = profileCurve({ songs, prior, counts: COUNTS, draws: Number(values.draws), random });
    return { name, songs, curve };
  });
  print(axis, curves);
}
console.log('Priors of the other folds\n');
for (const { name } of groups)
  console.log(`${name}: ${priorText(priorOf(groups.filter((one) => one.name !== name)))}`);
console.log(`\nPrior of all folds: ${priorText(priorOf(groups))}`);

function print(
  axis: Axis,
  curves: readonly { name: string; songs: { length: number }; curve: CurvePoint[] }[],
): void {
  console.log(`R2 of ${axis} by rated songs: mean (10th to 90th percentile of ${values.draws} draws)\n`);
  const rows = curves.map(({ name, songs, curve }) => [name, String(songs.length), ...curve.map(cell)]);
  console.log(markdownTable(['fold', 'songs', ...COUNTS.map(String)], rows));
  console.log(
    '\nShare of draws in which the profile is better than none; R2 if applied only where advised\n',
  );
  const checks = curves.map(({ name, curve }) => [
    name,
    ...curve.slice(1).map(({ better, ifAdvised }) => `${Math.round(100 * better)} %; ${fixed(ifAdvised)}`),
  ]);
  console.log(markdownTable(['fold', ...COUNTS.slice(1).map(String)], checks));
  console.log();
}

function cell({ mean, low, high, rated }: CurvePoint): string {
  return rated === 0 ? fixed(mean) : `${fixed(mean)} (${fixed(low)} to ${fixed(high)})`;
}

function fixed(x: number): string {
  return x.toFixed(3).replace(/^(-?)0\./, '$1.');
}

function priorText({ offsetSd, slopeSd, noiseSd }: ScalePrior): string {
  return `offset ${offsetSd.toFixed(3)}, slope ${slopeSd.toFixed(3)}, noise ${noiseSd.toFixed(3)}`;
}

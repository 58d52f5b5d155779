import { describe, expect, test } from 'vitest';
import { estimatePrior } from '../../../lab/profiles/estimate-prior.ts';
import { profileCurve } from '../../../lab/profiles/profile-curve.ts';
import { ratedSongs } from '../../../lab/profiles/rated-songs.ts';
import { Random } from '../../../lab/train/random.ts';

/** Songs of a group with this scale, with noise. */
function group(random: Random, { offset, slope, noise, songs }: Record<string, number>) {
  return Array.from({ length: songs! }, () => {
    const reading = 0.25 * random.normal();
    const rating = offset! + slope! * reading + noise! * random.normal();
    return { reading, rating, steps: [{ reading, rating }] };
  });
}

test('songs are the means of their labeled steps', () => {
  const step = (song: string, predicted: number, label: number) => ({
    ...{ song, file: `${song}.ogg`, t: 1, sd: { valence: 0, arousal: 0 } },
    predicted: { valence: predicted, arousal: 0 },
    label: { valence: label, arousal: 0 },
  });
  const songs = ratedSongs([step('a', 0.2, 0.5), step('a', 0.4, 0.1), step('b', -1, 1)], 'valence');
  expect(songs.map(({ steps }) => steps.length)).toEqual([2, 1]);
  expect(songs[0]!.reading).toBeCloseTo(0.3, 12);
  expect(songs[0]!.rating).toBeCloseTo(0.3, 12);
});

test('the prior of many groups is found from their ratings', () => {
  const random = new Random(1);
  const groups = Array.from({ length: 200 }, () =>
    group(random, {
      offset: 0.15 * random.normal(),
      slope: 1 + 0.3 * random.normal(),
      noise: 0.2,
      songs: 50,
    }),
  );
  const { offsetSd, slopeSd, noiseSd } = estimatePrior(groups);
  expect(offsetSd).toBeCloseTo(0.15, 1);
  expect(Math.abs(offsetSd - 0.15)).toBeLessThan(0.02);
  expect(Math.abs(slopeSd - 0.3)).toBeLessThan(0.05);
  expect(Math.abs(noiseSd - 0.2)).toBeLessThan(0.01);
});

describe('the curve', () => {
  const prior = { offsetSd: 0.15, slopeSd: 0.3, noiseSd: 0.2 };
  const counts = [0, 5, 20, 40];
  const curveOf = (scale: Record<string, number>) =>
    profileCurve({
      songs: group(new Random(2), { noise: 0.15, songs: 150, ...scale }),
      ...{ prior, counts, draws: 50, random: new Random(3) },
    });

  test('rises with the number of rated songs for raters of another scale', () => {
    const curve = curveOf({ offset: -0.3, slope: 1.5 });
    const means = curve.map(({ mean }) => mean);
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(curve.at(-1)!.better).toBe(1);
    for (const { low, mean, high } of curve) expect(low <= mean && mean <= high).toBe(true);
  });

  test('shows what a profile costs raters of the same scale, and that advice avoids most of it', () => {
    const [none, five] = curveOf({ offset: 0, slope: 1 });
    expect(five!.mean).toBeLessThan(none!.mean);
    expect(five!.ifAdvised).toBeGreaterThan(five!.mean);
  });
});

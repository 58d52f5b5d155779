import { expect, test } from 'vitest';
import { Random } from '../../../../lab/train/random.ts';
import {
  initialMeans,
  meansOf,
  meansOfSong,
  meansState,
  nextMeans,
  renewed,
} from '../../../../src/model/kinds/undertone/song-means.ts';
import { standardized } from '../../../../src/model/standardized.ts';

test('means of a song are plain ones at first, then the newest rows count a third and a fortieth', () => {
  const random = new Random(1);
  const rows = Array.from({ length: 100 }, () => Float32Array.of(random.normal(), 2));
  const expected = { short: 0, long: 0 };
  let means = initialMeans(2);
  for (const [i, row] of rows.entries()) {
    means = nextMeans(means, row);
    expected.short += Math.max(1 / (i + 1), 1 / 3) * (row[0]! - expected.short);
    expected.long += Math.max(1 / (i + 1), 1 / 40) * (row[0]! - expected.long);
    expect(means.short[0]).toBeCloseTo(expected.short, 5);
    expect(means.long[0]).toBeCloseTo(expected.long, 5);
    expect([means.short[1], means.long[1], means.steps]).toEqual([2, 2, i + 1]);
  }
});

test('the means of a whole song are those of its steps one by one', () => {
  const random = new Random(2);
  const rows = Float32Array.from({ length: 3 * 50 }, () => 1 + 4 * random.normal());
  const [mean, scale] = [Float32Array.of(0, 1, 2), Float32Array.of(1, 2, 0.5)];
  const all = meansOfSong(rows, mean, scale);
  let means = initialMeans(3);
  for (let step = 0; step < 50; step++) {
    means = nextMeans(means, standardized(rows.subarray(3 * step, 3 * step + 3), mean, scale));
    expect([...all.subarray(6 * step, 6 * step + 6)]).toEqual([...means.short, ...means.long]);
  }
});

test('a state can be saved and restored', () => {
  let state = initialMeans(2);
  // A partial renewal leaves a fraction of a step, which the state has to keep as it is.
  for (let i = 0; i < 5; i++) state = renewed(nextMeans(state, Float32Array.of(i, -i)), 0.3 * (i % 2));
  expect(meansOf(meansState(state), 2)).toEqual(state);
  expect(meansOf(meansState(state), 3)).toBeUndefined();
});

test('inputs are standardized as the network does it, clipped to 5', () => {
  const row = standardized(Float32Array.of(3, 100, -100), Float32Array.of(1, 0, 0), Float32Array.of(4, 1, 1));
  expect([...row]).toEqual([0.5, 5, -5]);
});

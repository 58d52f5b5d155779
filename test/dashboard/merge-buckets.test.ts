import { expect, test } from 'vitest';
import { mergeBuckets } from '../../dashboard/state/merge-buckets.ts';
import { toBucket } from '../../src/log/rollup/bucket.ts';
import { addStep, addSums, emptySums, type Step, type Sums } from '../../src/log/rollup/sums.ts';
import { MOODS } from '../../src/mood.ts';
import { seededRandom } from '../log/synthetic-frames.ts';

const [MUSIC, SPEECH] = [0, 1];

function sumsOf(steps: readonly Step[]): Sums {
  const sums = emptySums();
  for (const step of steps) addStep(sums, step);
  return sums;
}

test.each([
  [30, 90, 0.8, 0.5],
  [1, 119, 1, 1],
  [40, 40, 0, 0.7],
  [5, 7, 0, 0],
])('two halves of %d and %d frames are merged as the log adds them up', (n, m, music, otherMusic) => {
  const random = seededRandom(n);
  const step = (share: number): Step => {
    const hasMusic = random() < share;
    const value = () => (hasMusic ? 2 * random() - 1 : Number.NaN);
    return {
      activity: hasMusic ? MUSIC : SPEECH,
      mood: hasMusic ? Math.floor(random() * MOODS.length) : -1,
      ...{ valence: value(), arousal: value(), loudness: -20 + random(), confidence: random() },
    };
  };
  const [one, other] = [
    sumsOf(Array.from({ length: n }, () => step(music))),
    sumsOf(Array.from({ length: m }, () => step(otherMusic))),
  ];
  const merged = mergeBuckets(toBucket(0, one), toBucket(0, other));
  addSums(one, other);
  const { moods, ...expected } = toBucket(0, one);
  const close = (fields: object) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'number' ? expect.closeTo(value, 4) : value,
      ]),
    );
  expect(merged).toEqual({ ...close(expected), moods: close(moods) });
});

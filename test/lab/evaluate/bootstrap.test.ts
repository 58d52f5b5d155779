import { expect, test } from 'vitest';
import { rmseDifference } from '../../../lab/evaluate/bootstrap.ts';
import { pooledRmse, trackingScores } from '../../../lab/evaluate/score.ts';
import { Random } from '../../../lab/train/random.ts';

const random = new Random(3);
/** Squared errors of 400 songs of 10 steps, with an error of about `size`. */
function errors(size: number) {
  return Array.from({ length: 400 }, () => ({ squares: 10 * (size * (0.5 + random.next())) ** 2, n: 10 }));
}

test('the interval excludes 0 for a consistent difference, and includes it for a random one', () => {
  const a = errors(0.2);
  const better = a.map(({ squares, n }) => ({ squares: 0.81 * squares, n }));
  const sure = rmseDifference(better, a);
  expect(sure.difference).toBeCloseTo(-0.1 * Math.sqrt(a.reduce((s, e) => s + e.squares, 0) / 4000), 10);
  expect(sure.high).toBeLessThan(0);
  expect(sure.low).toBeLessThan(sure.difference);
  expect(sure.high).toBeGreaterThan(sure.difference);
  const shuffled = random.permutation(400).map((i) => a[i]!);
  const chance = rmseDifference(shuffled, a);
  expect(chance.low).toBeLessThan(0);
  expect(chance.high).toBeGreaterThan(0);
});

test('the width of the interval agrees with the delta method', () => {
  const b = errors(0.2);
  const none = b.map(({ n }) => ({ squares: 0, n }));
  const { difference, low, high } = rmseDifference(b, none);
  const means = b.map(({ squares, n }) => squares / n);
  const mean = means.reduce((s, x) => s + x, 0) / 400;
  const sd = Math.sqrt(means.reduce((s, x) => s + (x - mean) ** 2, 0) / 400);
  const width = (2 * 1.96 * sd) / Math.sqrt(400) / (2 * difference); // by the delta method
  expect((high - low) / width).toBeGreaterThan(0.93);
  expect((high - low) / width).toBeLessThan(1.07);
});

test('scores count each step once, and the pooled RMSE covers all values of both axes', () => {
  const step = (valence: number, arousal: number, predicted: number) => ({
    ...{ song: 'a', file: 'a.wav', t: 0.5, label: { valence, arousal } },
    ...{ predicted: { valence: predicted, arousal: predicted }, sd: { valence: 0.1, arousal: 0.3 } },
  });
  const scores = trackingScores([[step(0.1, 0.5, 0.2), step(0.3, 0.1, 0.2)], [step(-0.2, 0, 0)]]);
  expect(scores.valence.n).toBe(3);
  expect(scores.valence.rmse).toBeCloseTo(Math.sqrt((0.01 + 0.01 + 0.04) / 3), 12);
  expect([scores.valence.coverage, scores.arousal.coverage]).toEqual([2 / 3, 1]);
  expect(pooledRmse(scores)).toBeCloseTo(Math.sqrt((0.01 + 0.01 + 0.04 + 0.09 + 0.01 + 0) / 6), 12);
});

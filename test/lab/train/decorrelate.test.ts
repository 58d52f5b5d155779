import { expect, test } from 'vitest';
import {
  decorrelatingWeights,
  drawByWeight,
  labelMeanOfClip,
  strengthOf,
} from '../../../lab/train/decorrelate.ts';
import { Random } from '../../../lab/train/random.ts';

const CLIPS = [
  [-0.3, -0.4],
  [0.1, 0.2],
  [0.4, 0.5],
  [-0.2, 0.3],
  [0.3, -0.1],
  [0, 0],
] as const;

// From the textbook formula of the bivariate normal density with correlation r, in Python.
const RATIOS = {
  1: [0.393503922, 0.840041832, 0.433567086, 1.913578597, 1.716287666, 0.841592519],
  0.5: [0.654138046, 0.882528984, 0.676516568, 1.525957304, 1.420505914, 0.881048369],
} as const;

test.each([1, 0.5] as const)('weights are density ratios, with strength %d', (strength) => {
  const weights = [...decorrelatingWeights(CLIPS, strength)];
  expect(weights).toEqual(RATIOS[strength].map((ratio) => expect.closeTo(ratio, 8)));
});

test('under the weights valence and arousal are far less correlated, and variances stay', () => {
  const random = new Random(1);
  const clips = Array.from({ length: 4000 }, () => {
    const [x, y] = [random.normal(), random.normal()];
    return [0.24 * (0.6 * x + 0.8 * y), 0.29 * x] as const;
  });
  const weights = decorrelatingWeights(clips);
  expect(Math.min(...weights)).toBeGreaterThanOrEqual(0.1);
  expect(Math.max(...weights)).toBeLessThanOrEqual(5);
  const mean = (of: (i: number) => number) =>
    clips.reduce((sum, _, i) => sum + weights[i]! * of(i), 0) / weights.reduce((sum, w) => sum + w, 0);
  const [v, a] = [mean((i) => clips[i]![0]), mean((i) => clips[i]![1])];
  const sdV = Math.sqrt(mean((i) => (clips[i]![0] - v) ** 2));
  const sdA = Math.sqrt(mean((i) => (clips[i]![1] - a) ** 2));
  const cov = mean((i) => (clips[i]![0] - v) * (clips[i]![1] - a));
  expect(Math.abs(cov / sdV / sdA)).toBeLessThan(0.2); // 0.6 without; clipping leaves some
  expect(sdV).toBeCloseTo(0.24, 1);
  expect(sdA).toBeCloseTo(0.29, 1);
});

test('without strength, or where labels lie on a line, all weights are 1', () => {
  expect([...decorrelatingWeights(CLIPS, 0)]).toEqual(CLIPS.map(() => 1));
  expect([...decorrelatingWeights([[0, 0], [0.1, 0.2], [0.2, 0.4], undefined])]).toEqual([1, 1, 1, 1]);
  expect([...decorrelatingWeights([[0.1, 0.2], undefined])]).toEqual([1, 1]);
});

test('a clip without labels has the mean weight of the others', () => {
  const weights = decorrelatingWeights([...CLIPS, undefined]);
  const mean = RATIOS[1].reduce((sum, ratio) => sum + ratio, 0) / RATIOS[1].length;
  expect(weights.at(-1)).toBeCloseTo(mean, 8);
});

test('the mean label of a clip is over its labeled steps', () => {
  expect(labelMeanOfClip(Float32Array.of(0.25, 0.5, Number.NaN, Number.NaN, 0.75, 0))).toEqual([0.5, 0.25]);
  expect(labelMeanOfClip(new Float32Array(4).fill(Number.NaN))).toBeUndefined();
});

test('clips are drawn in proportion to their weight, in an order that depends on the seed only', () => {
  const weights = Float64Array.of(3, 1, 0.5, 0.5, 1, 2);
  const counts = new Array<number>(6).fill(0);
  const random = new Random(4);
  for (let epoch = 0; epoch < 1000; epoch++) {
    const drawn = drawByWeight(weights, random);
    expect(drawn).toHaveLength(6);
    for (const i of new Set(drawn)) {
      const expected = (6 * weights[i]!) / 8;
      const times = drawn.filter((k) => k === i).length;
      expect(Math.abs(times - expected)).toBeLessThan(1);
    }
    for (const i of drawn) counts[i]!++;
  }
  for (const [i, count] of counts.entries()) expect(count / 1000).toBeCloseTo((6 * weights[i]!) / 8, 1);
  expect(drawByWeight(weights, new Random(7))).toEqual(drawByWeight(weights, new Random(7)));
});

test('ensemble members take the numbers of a list in turn', () => {
  expect([0, 1, 2, 3].map((member) => strengthOf([0, 1, 1], member))).toEqual([0, 1, 1, 0]);
  expect(strengthOf(0.5, 3)).toBe(0.5);
  expect(strengthOf(undefined)).toBe(0); // runs of older versions
});

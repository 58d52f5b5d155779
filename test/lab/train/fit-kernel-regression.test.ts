import type { Rank } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Example } from '../../../lab/train/example.ts';
import { fitKernelRegression } from '../../../lab/train/fit-kernel-regression.ts';
import { Random } from '../../../lab/train/random.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { kernelShapes, regress } from '../../../src/model/kinds/undertone/kernel-regression.ts';
import { meansOfSong } from '../../../src/model/kinds/undertone/song-means.ts';
import { uploadWeights } from '../../../src/model/tensors.ts';

const INPUTS = 5;
const STATISTICS = {
  'input/mean': { shape: [INPUTS], values: Float32Array.of(1, 0, 0, 0, 2) },
  'input/scale': { shape: [INPUTS], values: Float32Array.of(2, 1, 1, 1, 0.5) },
};

/** In a song, valence follows the level of one input, arousal the product of two levels, and both have noise. */
function makeExamples(count: number, seed: number): Example[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, song) => {
    const steps = 10;
    const rows = new Float32Array(steps * INPUTS);
    const labels = new Float32Array(2 * steps);
    const z = Array.from({ length: INPUTS }, () => random.normal());
    for (let step = 0; step < steps; step++) {
      for (const [i, x] of z.entries()) {
        rows[step * INPUTS + i] =
          (x + 0.1 * random.normal()) * STATISTICS['input/scale'].values[i]! +
          STATISTICS['input/mean'].values[i]!;
      }
      labels[2 * step] = 0.1 + 0.2 * z[0]! + 0.02 * random.normal();
      labels[2 * step + 1] = -0.1 + 0.1 * z[1]! * z[2]! + 0.02 * random.normal();
    }
    if (song % 3 === 0) labels.fill(Number.NaN, 0, 2); // a step without labels
    const clip = { song: { id: `${song}`, artist: `${song}` }, path: '', file: `${song}`, startMs: 0 };
    return { clip, rows, steps, labels, tags: new Float32Array() };
  });
}

test('the kernel regression finds linear and other relations on songs that it was not fitted on', async () => {
  const { tf } = await loadEngine('wasm');
  const fitted = fitKernelRegression(tf, STATISTICS, makeExamples(200, 1), 150, 7);
  for (const [name, shape] of Object.entries(kernelShapes(2 * INPUTS, 150))) {
    expect(fitted[name]!.shape, name).toEqual(shape);
  }
  const predicted = (examples: readonly Example[]) => {
    const { 'input/mean': mean, 'input/scale': scale } = STATISTICS;
    const means = examples.flatMap(({ rows }) => [...meansOfSong(rows!, mean.values, scale.values)]);
    const tensors = uploadWeights(tf, fitted);
    const out = tf.tidy(() =>
      regress(tf, tensors, tf.tensor2d(means, [means.length / INPUTS / 2, 2 * INPUTS])).emotion.dataSync(),
    );
    tf.dispose(tensors);
    return out as Float32Array;
  };
  const held = makeExamples(50, 2);
  const labels = held.flatMap(({ labels }) => [...labels]);
  const out = predicted(held);
  for (const axis of [0, 1]) {
    const pairs = labels.map((label, i) => [label, out[i]!] as const).filter((_, i) => i % 2 === axis);
    const known = pairs.filter(([label]) => !Number.isNaN(label));
    const mean = known.reduce((sum, [label]) => sum + label, 0) / known.length;
    const error = known.reduce((sum, [label, x]) => sum + (label - x) ** 2, 0);
    const spread = known.reduce((sum, [label]) => sum + (label - mean) ** 2, 0);
    expect(1 - error / spread).toBeGreaterThan(axis === 0 ? 0.97 : 0.5);
  }
});

test('every other step is taken from a variant', async () => {
  const { tf } = await loadEngine('wasm');
  const plain = makeExamples(60, 1);
  const withVariants = plain.map((example) => ({
    ...example,
    labels: example.labels.map((x) => x - 0.5),
    variants: [{ ...example, labels: example.labels.map((x) => x + 0.5) }],
  }));
  const bias = (examples: readonly Example[]) => {
    const fitted = fitKernelRegression(tf, STATISTICS, examples, 30, 7);
    const rows = tf.zeros<Rank.R2>([1, 2 * INPUTS]);
    const tensors = uploadWeights(tf, fitted);
    const out = tf.tidy(() => regress(tf, tensors, rows).emotion.dataSync()[0]!);
    tf.dispose([rows, ...Object.values(tensors)]);
    return out;
  };
  expect(bias(withVariants)).toBeCloseTo(bias(plain), 1);
});

test('the same seed gives the same weights, another one other landmarks', async () => {
  const { tf } = await loadEngine('wasm');
  const before = tf.memory().numTensors;
  const fitted = (seed: number) => fitKernelRegression(tf, STATISTICS, makeExamples(20, 1), 30, seed);
  expect(fitted(7)).toEqual(fitted(7));
  expect(fitted(8)['kernel/landmarks']).not.toEqual(fitted(7)['kernel/landmarks']);
  expect(tf.memory().numTensors).toBe(before);
});

import type { Rank, Tensor2D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { axisScores } from '../../../lab/evaluate/metrics.ts';
import { lossOf } from '../../../lab/train/loss.ts';
import { DEFAULT_TRAINING } from '../../../lab/train/options.ts';
import { Random } from '../../../lab/train/random.ts';
import { loadEngine } from '../../../src/model/engine.ts';

test('cccWeight adds 1 − CCC to the loss, over labeled steps only', async () => {
  const { tf } = await loadEngine('wasm');
  const random = new Random(1);
  const rows = 40;
  const numbers = (width: number) => Float32Array.from({ length: rows * width }, () => random.between(-1, 1));
  const [predicted, label] = [numbers(2), numbers(2)];
  const known = 30;
  const weights = Float32Array.from({ length: rows * 2 }, (_, i) => (i < known * 2 ? 1 : 0));
  const lossAt = (cccWeight: number) =>
    tf.tidy(() => {
      const zeros: Tensor2D = tf.zeros([rows, 10]);
      const logSd: Tensor2D = tf.zeros([rows, 2]);
      const output = {
        emotion: tf.tensor2d(predicted, [rows, 2]),
        logSd,
        features: zeros,
        novelty: tf.zeros<Rank.R2>([rows, 1]),
      };
      const labels = { values: tf.tensor2d(label, [rows, 2]), weights: tf.tensor2d(weights, [rows, 2]) };
      const options = { ...DEFAULT_TRAINING, cccWeight };
      return lossOf(tf, output, labels, undefined, options).dataSync()[0]!;
    });
  const ccc = (axis: number) => {
    const of = (values: Float32Array) =>
      Float64Array.from({ length: known }, (_, row) => values[row * 2 + axis]!);
    return axisScores([{ predicted: of(predicted), actual: of(label) }]).ccc;
  };
  expect(lossAt(0.5) - lossAt(0)).toBeCloseTo(0.5 * (1 - ccc(0) + 1 - ccc(1)), 3);
});

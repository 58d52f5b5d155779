import type { Tensor2D } from '@tensorflow/tfjs-core';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Tf } from '../../src/model/engine.ts';
import { gaussian } from '../../src/model/kinds/undertone/kernel-regression.ts';
import { INPUT_LIMIT } from '../../src/model/kinds/undertone/network.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { Example } from './example.ts';
import { Random } from './random.ts';

/** The squared width of the Gaussian, in median squared distances of two training steps. */
const WIDTH = 1 / 0.3;
/** Penalty of the squared function norm; its weight in units of a training step. */
const RIDGE = 6;
/** Penalty of a linear weight, in the same unit: a variance of (0.3)² / inputs of each. */
const LINEAR_SD = 0.3;
/** Added to the kernel between landmarks, which is almost singular. */
const JITTER = 1e-3;
/** Steps whose products are added at once. */
const CHUNK = 2048;

/**
 * Fits the kernel regression beside an ensemble to the labels of all steps of the clips as recorded.
 *
 * @param weights with the mean and scale of the inputs
 * @param count of landmarks, drawn from the training steps
 * @returns the tensors of `kernelShapes`
 */
export function fitKernelRegression(
  tf: Tf,
  weights: Weights,
  examples: readonly Example[],
  count: number,
  seed: number,
): Weights {
  const mean = weights['input/mean']!.values;
  const inputs = mean.length;
  const { z, labels, steps } = standardizedSteps(examples, mean, weights['input/scale']!.values);
  const random = new Random(seed);
  const rows = Array.from({ length: count }, () => random.below(steps));
  const scale = 1 / Math.sqrt(WIDTH * medianSquaredDistance(z, inputs, random));
  const landmarks = new Float32Array(inputs * count);
  for (const [column, row] of rows.entries()) {
    for (let i = 0; i < inputs; i++) landmarks[i * count + column] = scale * z[row * inputs + i]!;
  }

  const size = count + inputs;
  const sums = {
    products: Matrix.zeros(size, size),
    labels: Matrix.zeros(size, 2),
    features: new Float64Array(size),
    label: [0, 0],
  };
  const at: Tensor2D = tf.tensor2d(landmarks, [inputs, count]);
  const penalty = Matrix.zeros(size, size);
  for (let from = 0; from < steps; from += CHUNK) {
    const n = Math.min(CHUNK, steps - from);
    const [products, withLabels, total] = tf.tidy(() => {
      const own: Tensor2D = tf.tensor2d(z.slice(from * inputs, (from + n) * inputs), [n, inputs]);
      const features = tf.concat2d([gaussian(tf, tf.mul(own, scale), at), own], 1);
      const wanted: Tensor2D = tf.tensor2d(labels.slice(2 * from, 2 * (from + n)), [n, 2]);
      return [
        tf.matMul(features, features, true),
        tf.matMul(features, wanted, true),
        tf.sum(features, 0),
      ].map((tensor) => tensor.dataSync() as Float32Array);
    }) as unknown as [Float32Array, Float32Array, Float32Array];
    addTo(sums.products, products);
    addTo(sums.labels, withLabels);
    for (let i = 0; i < size; i++) sums.features[i]! += total[i]!;
    for (let i = 0; i < n; i++)
      for (const axis of [0, 1]) sums.label[axis]! += labels[2 * (from + i) + axis]!;
  }
  const between = tf.tidy(() => gaussian(tf, tf.transpose(at), at).dataSync() as Float32Array);
  tf.dispose(at);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) penalty.set(i, j, RIDGE * between[i * count + j]!);
    penalty.set(i, i, penalty.get(i, i) + RIDGE * JITTER);
  }
  for (let i = count; i < size; i++) penalty.set(i, i, (RIDGE * inputs) / LINEAR_SD ** 2);

  // Centered, so that the bias is not penalized.
  for (let i = 0; i < size; i++) {
    const share = sums.features[i]! / steps;
    for (let j = 0; j < size; j++) {
      sums.products.set(i, j, sums.products.get(i, j) - share * sums.features[j]!);
    }
    for (const axis of [0, 1]) sums.labels.set(i, axis, sums.labels.get(i, axis) - share * sums.label[axis]!);
  }
  const solved = new CholeskyDecomposition(sums.products.add(penalty)).solve(sums.labels);
  const bias = sums.label.map((sum, axis) => {
    let sumOfMeans = 0;
    for (let i = 0; i < size; i++) sumOfMeans += (sums.features[i]! / steps) * solved.get(i, axis);
    return sum / steps - sumOfMeans;
  });
  const all = Float32Array.from(solved.to1DArray());
  return {
    'kernel/scale': { shape: [1], values: Float32Array.of(scale) },
    'kernel/landmarks': { shape: [inputs, count], values: landmarks },
    'kernel/weights': { shape: [count, 2], values: all.slice(0, 2 * count) },
    'kernel/linear': { shape: [inputs, 2], values: all.slice(2 * count) },
    'kernel/bias': { shape: [2], values: Float32Array.from(bias) },
  };
}

/** All labeled steps: [steps, inputs] in standard deviations, and [steps, 2] their labels. */
function standardizedSteps(examples: readonly Example[], mean: Float32Array, scale: Float32Array) {
  const inputs = mean.length;
  const most = examples.reduce((sum, { steps }) => sum + steps, 0);
  const z = new Float32Array(most * inputs);
  const labels = new Float32Array(most * 2);
  let steps = 0;
  for (const example of examples) {
    if (!example.rows) throw new Error('the kernel regression needs a front end with stored features');
    for (let step = 0; step < example.steps; step++) {
      const [valence, arousal] = [example.labels[2 * step]!, example.labels[2 * step + 1]!];
      if (Number.isNaN(valence) || Number.isNaN(arousal)) continue;
      for (let i = 0; i < inputs; i++) {
        const deviation = (example.rows[step * inputs + i]! - mean[i]!) / scale[i]!;
        z[steps * inputs + i] = Math.max(-INPUT_LIMIT, Math.min(INPUT_LIMIT, deviation));
      }
      labels.set([valence, arousal], 2 * steps);
      steps++;
    }
  }
  return { z, labels, steps };
}

function medianSquaredDistance(z: Float32Array, inputs: number, random: Random): number {
  const steps = z.length / inputs;
  const distances = Float64Array.from({ length: 1000 }, () => {
    const [a, b] = [random.below(steps) * inputs, random.below(steps) * inputs];
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += (z[a + i]! - z[b + i]!) ** 2;
    return sum;
  });
  return distances.sort()[500]!;
}

function addTo(sum: Matrix, values: Float32Array): void {
  for (let row = 0, at = 0; row < sum.rows; row++) {
    for (let column = 0; column < sum.columns; column++, at++)
      sum.set(row, column, sum.get(row, column) + values[at]!);
  }
}

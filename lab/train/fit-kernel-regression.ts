import type { Tensor2D } from '@tensorflow/tfjs-core';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Tf } from '../../src/model/engine.ts';
import { standardizeRow } from '../../src/model/kinds/undertone/boundary.ts';
import { gaussian } from '../../src/model/kinds/undertone/kernel-regression.ts';
import { fetchTidy } from '../../src/model/tensors.ts';
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

  const moments = momentsOf(tf, { z, labels, steps, inputs }, landmarks, scale);
  const solved = new CholeskyDecomposition(
    symmetric(moments.products.add(penaltyOf(tf, landmarks, inputs))),
  ).solve(moments.withLabels);
  const bias = [0, 1].map(
    (axis) =>
      moments.labelMean[axis]! - moments.means.reduce((sum, mean, i) => sum + mean * solved.get(i, axis), 0),
  );
  const all = Float32Array.from(solved.to1DArray());
  return {
    'kernel/scale': { shape: [1], values: Float32Array.of(scale) },
    'kernel/landmarks': { shape: [inputs, count], values: landmarks },
    'kernel/weights': { shape: [count, 2], values: all.slice(0, 2 * count) },
    'kernel/linear': { shape: [inputs, 2], values: all.slice(2 * count) },
    'kernel/bias': { shape: [2], values: Float32Array.from(bias) },
  };
}

interface Steps {
  /** [steps, inputs] in standard deviations. */
  readonly z: Float32Array;
  /** [steps, 2] */
  readonly labels: Float32Array;
  readonly steps: number;
  readonly inputs: number;
}

/**
 * Sums over all steps of the products of the features (the kernel at each landmark, then the inputs) with each other and
 * with the labels, centered, so that the bias is not penalized.
 */
function momentsOf(tf: Tf, { z, labels, steps, inputs }: Steps, landmarks: Float32Array, scale: number) {
  const count = landmarks.length / inputs;
  const size = count + inputs;
  const products = Matrix.zeros(size, size);
  const withLabels = Matrix.zeros(size, 2);
  const means = new Float64Array(size);
  const labelMean = [0, 0];
  const at: Tensor2D = tf.tensor2d(landmarks, [inputs, count]);
  for (let from = 0; from < steps; from += CHUNK) {
    const n = Math.min(CHUNK, steps - from);
    const [own, ofLabels, sums] = fetchTidy(tf, () => {
      const rows: Tensor2D = tf.tensor2d(z.slice(from * inputs, (from + n) * inputs), [n, inputs]);
      const features = tf.concat2d([gaussian(tf, tf.mul(rows, scale), at), rows], 1);
      const wanted: Tensor2D = tf.tensor2d(labels.slice(2 * from, 2 * (from + n)), [n, 2]);
      return [tf.matMul(features, features, true), tf.matMul(features, wanted, true), tf.sum(features, 0)];
    });
    addTo(products, own!);
    addTo(withLabels, ofLabels!);
    for (let i = 0; i < size; i++) means[i]! += sums![i]! / steps;
    for (let i = 2 * from; i < 2 * (from + n); i++) labelMean[i % 2]! += labels[i]! / steps;
  }
  tf.dispose(at);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) products.set(i, j, products.get(i, j) - steps * means[i]! * means[j]!);
    for (const axis of [0, 1]) {
      withLabels.set(i, axis, withLabels.get(i, axis) - steps * means[i]! * labelMean[axis]!);
    }
  }
  return { products, withLabels, means, labelMean };
}

/** The matrix of the squared norm of the function: the kernel between the landmarks, and one weight for each input. */
function penaltyOf(tf: Tf, landmarks: Float32Array, inputs: number): Matrix {
  const count = landmarks.length / inputs;
  const [between] = fetchTidy(tf, () => {
    const at: Tensor2D = tf.tensor2d(landmarks, [inputs, count]);
    return [gaussian(tf, tf.transpose(at), at)];
  });
  const penalty = Matrix.zeros(count + inputs, count + inputs);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) penalty.set(i, j, RIDGE * between![i * count + j]!);
    penalty.set(i, i, RIDGE * (1 + JITTER));
  }
  for (let i = count; i < count + inputs; i++) penalty.set(i, i, (RIDGE * inputs) / LINEAR_SD ** 2);
  return penalty;
}

/** The same matrix without its rounding errors of float32. */
function symmetric(matrix: Matrix): Matrix {
  return matrix.add(matrix.transpose()).mul(0.5);
}

/** All labeled steps: [steps, inputs] in standard deviations, and [steps, 2] their labels. */
function standardizedSteps(
  examples: readonly Example[],
  mean: Float32Array,
  scale: Float32Array,
): Omit<Steps, 'inputs'> {
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
      const row = example.rows.subarray(step * inputs, (step + 1) * inputs);
      z.set(standardizeRow(row, mean, scale), steps * inputs);
      labels.set([valence, arousal], 2 * steps);
      steps++;
    }
  }
  return { z: z.subarray(0, steps * inputs), labels: labels.subarray(0, 2 * steps), steps };
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

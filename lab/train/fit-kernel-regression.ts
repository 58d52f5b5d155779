import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import { gaussian } from '../../src/model/kinds/undertone/kernel-regression.ts';
import { meansOfSong } from '../../src/model/kinds/undertone/song-means.ts';
import { fetchTidy } from '../../src/model/tensors.ts';
import { onGrid, type Weights } from '../../src/model/weights.ts';
import { solvePositiveDefinite } from './cholesky.ts';
import { decorrelatingWeights, labelMeanOfClip } from './decorrelate.ts';
import type { Example } from './example.ts';
import { Random } from './random.ts';

/** The squared width of the Gaussian, in median squared distances of two training steps. */
const WIDTH = 1 / 0.3;
/** Penalty of the squared function norm; its weight in units of a training step. */
const RIDGE = 2;
/** Penalty of a linear weight, in the same unit: a variance of (0.3)² / inputs of each. */
const LINEAR_SD = 0.3;
/** Added to the kernel between landmarks, which is almost singular. */
const JITTER = 1e-3;
/** Share of the weights that are fitted with clips weighted so that valence and arousal are uncorrelated (decorrelate.ts). */
const DECORRELATED_SHARE = 0.2;
/** Steps whose products are added at once. */
const CHUNK = 2048;

/**
 * Fits the kernel regression beside an ensemble to the labels of all steps of the clips. Where a clip has variants, each of
 * its steps is taken from one of them or from the clip as recorded, in turn, so that they cost nothing here.
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
  const { z, labels, steps, inputs, importance } = labeledSteps(
    examples,
    weights['input/mean']!.values,
    weights['input/scale']!.values,
  );
  const random = new Random(seed);
  const rows = Array.from({ length: count }, () => random.below(steps));
  const scale = 1 / Math.sqrt(WIDTH * medianSquaredDistance(z, inputs, random));
  const drawn = new Float32Array(inputs * count);
  for (const [column, row] of rows.entries()) {
    for (let i = 0; i < inputs; i++) drawn[i * count + column] = scale * z[row * inputs + i]!;
  }
  // On the grid before the weights are solved, so that storing them as int8 costs nothing.
  const landmarks = onGrid({ shape: [inputs, count], values: drawn });

  const penalty = penaltyOf(tf, landmarks.values, inputs);
  const solve = (importance: Float32Array) =>
    solved(momentsOf(tf, { z, labels, steps, inputs, importance }, landmarks.values, scale), penalty);
  const [plain, decorrelated] = [solve(new Float32Array(steps).fill(1)), solve(importance)];
  const all = plain.map((x, i) => x + DECORRELATED_SHARE * (decorrelated[i]! - x));
  return {
    'kernel/scale': { shape: [1], values: Float32Array.of(scale) },
    'kernel/landmarks': landmarks,
    'kernel/weights': { shape: [count, 2], values: all.slice(0, 2 * count) },
    'kernel/linear': { shape: [inputs, 2], values: all.slice(2 * count, -2) },
    'kernel/bias': { shape: [2], values: all.slice(-2) },
  };
}

interface Steps {
  /** [steps, inputs] means in standard deviations, which are the inputs of the regression. */
  readonly z: Float32Array;
  /** [steps, 2] */
  readonly labels: Float32Array;
  readonly steps: number;
  readonly inputs: number;
  /** [steps] weight of each step, 1 on average. */
  readonly importance: Float32Array;
}

/** Weights of the features, [size, 2], then the two biases. `penalty`: [size, size]. */
function solved({ products, withLabels, means, labelMean }: Moments, penalty: Float64Array): Float32Array {
  const size = means.length;
  const weights = solvePositiveDefinite(lowerSum(products, penalty, size), withLabels, size);
  const bias = [0, 1].map(
    (axis) => labelMean[axis]! - means.reduce((sum, mean, i) => sum + mean * weights[2 * i + axis]!, 0),
  );
  return Float32Array.from([...weights, ...bias]);
}

interface Moments {
  /** [size, size] of the features with each other. */
  readonly products: Float64Array;
  /** [size, 2] of the features with the labels. */
  readonly withLabels: Float64Array;
  /** [size] of the features. */
  readonly means: Float64Array;
  readonly labelMean: Float64Array;
}

/**
 * Weighted sums over all steps of the products of the features (the kernel at each landmark, then the inputs) with each
 * other and with the labels. Both are centered first, so that the bias is not penalized, and because features near 1 would
 * lose the digits in which they differ.
 */
function momentsOf(
  tf: Tf,
  { z, labels, steps, inputs, importance }: Steps,
  landmarks: Float32Array,
  scale: number,
): Moments {
  const count = landmarks.length / inputs;
  const size = count + inputs;
  const total = importance.reduce((sum, weight) => sum + weight, 0);
  const at: Tensor2D = tf.tensor2d(landmarks, [inputs, count]);
  /** Adds up what `of` computes from the features, labels and weights of each chunk. */
  const addUp = (
    sums: readonly Float64Array[],
    of: (features: Tensor2D, wanted: Tensor2D, weights: Tensor2D) => Tensor[],
  ) => {
    for (let from = 0; from < steps; from += CHUNK) {
      const n = Math.min(CHUNK, steps - from);
      const fetched = fetchTidy(tf, () => {
        const rows: Tensor2D = tf.tensor2d(z.slice(from * inputs, (from + n) * inputs), [n, inputs]);
        return of(
          tf.concat2d([gaussian(tf, tf.mul(rows, scale), at), rows], 1),
          tf.tensor2d(labels.slice(2 * from, 2 * (from + n)), [n, 2]),
          tf.tensor2d(importance.slice(from, from + n), [n, 1]),
        );
      });
      for (const [k, sum] of sums.entries()) {
        for (const [i, x] of fetched[k]!.entries()) sum[i]! += x;
      }
    }
  };
  const [means, labelMean] = [new Float64Array(size), new Float64Array(2)];
  addUp([means, labelMean], (features, wanted, weights) => [
    tf.sum(tf.mul(features, weights), 0),
    tf.sum(tf.mul(wanted, weights), 0),
  ]);
  for (const sums of [means, labelMean]) sums.set(sums.map((sum) => sum / total));
  const [products, withLabels] = [new Float64Array(size * size), new Float64Array(size * 2)];
  addUp([products, withLabels], (features, wanted, weights) => {
    const centered: Tensor2D = tf.sub(features, tf.tensor1d(Float32Array.from(means)));
    const weighted: Tensor2D = tf.mul(centered, weights);
    const labelRest: Tensor2D = tf.sub(wanted, tf.tensor1d(Float32Array.from(labelMean)));
    return [tf.matMul(weighted, centered, true), tf.matMul(weighted, labelRest, true)];
  });
  tf.dispose(at);
  return { products, withLabels, means, labelMean };
}

/** The matrix of the squared norm of the function: the kernel between the landmarks, and one weight for each input. */
function penaltyOf(tf: Tf, landmarks: Float32Array, inputs: number): Float64Array {
  const count = landmarks.length / inputs;
  const [between] = fetchTidy(tf, () => {
    const at: Tensor2D = tf.tensor2d(landmarks, [inputs, count]);
    return [gaussian(tf, tf.transpose(at), at)];
  });
  const size = count + inputs;
  const penalty = new Float64Array(size * size);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) penalty[i * size + j] = RIDGE * between![i * count + j]!;
    penalty[i * size + i] = RIDGE * (1 + JITTER);
  }
  for (let i = count; i < size; i++) penalty[i * size + i] = (RIDGE * inputs) / LINEAR_SD ** 2;
  return penalty;
}

/**
 * The sum of two symmetric matrices, [size, size], without their rounding errors of float32: only its lower triangle, with
 * the mean of both.
 */
function lowerSum(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const sum = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const [at, mirrored] = [i * size + j, j * size + i];
      sum[at] = (a[at]! + b[at]! + (a[mirrored]! + b[mirrored]!)) / 2;
    }
  }
  return sum;
}

/** The means at all labeled steps, their labels, and the weights of their clips. */
function labeledSteps(examples: readonly Example[], mean: Float32Array, scale: Float32Array): Steps {
  const inputs = 2 * mean.length;
  const most = examples.reduce((sum, { steps }) => sum + steps, 0);
  const z = new Float32Array(most * inputs);
  const labels = new Float32Array(most * 2);
  const importance = new Float32Array(most);
  const ofClips = decorrelatingWeights(examples.map(({ labels }) => labelMeanOfClip(labels)));
  let steps = 0;
  for (const [clip, example] of examples.entries()) {
    const takes = [example, ...(example.variants ?? [])];
    for (const [take, { rows, labels: own, steps: length }] of takes.entries()) {
      if (!rows) throw new Error('the kernel regression needs a front end with stored features');
      const means = meansOfSong(rows, mean, scale);
      // A slower variant has more steps than the clip, which has as many labels as it has steps.
      for (let step = take; step < Math.min(length, example.steps); step += takes.length) {
        const [valence, arousal] = [own[2 * step]!, own[2 * step + 1]!];
        if (Number.isNaN(valence) || Number.isNaN(arousal)) continue;
        z.set(means.subarray(step * inputs, (step + 1) * inputs), steps * inputs);
        labels.set([valence, arousal], 2 * steps);
        importance[steps] = ofClips[clip]!;
        steps++;
      }
    }
  }
  return {
    z: z.subarray(0, steps * inputs),
    labels: labels.subarray(0, 2 * steps),
    importance: importance.subarray(0, steps),
    steps,
    inputs,
  };
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

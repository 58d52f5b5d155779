import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { Target } from './batch.ts';
import type { Unrolled } from './unroll.ts';

export interface LossOptions {
  /** Weight of the plain squared error beside the likelihood, which alone would neglect songs it finds hard. */
  readonly squaredWeight: number;
  /** Weight of 1 − CCC of the batch, both axes: likelihood and squared error leave a network timid. */
  readonly cccWeight: number;
  /** Weight of the forecast changes, each in units of its own spread. */
  readonly changeWeight: number;
  /** Weight of the mood tags, which teach the features what ten listeners per song cannot. */
  readonly tagWeight: number;
  /** Weight of the squared distance from what teachers say. */
  readonly lessonWeight: number;
}

/** Targets of a batch as tensors. */
export interface TargetTensors {
  readonly values: Tensor2D;
  readonly weights: Tensor2D;
}

export function targetTensors(tf: Tf, { width, values, weights }: Target): TargetTensors {
  const shape: [number, number] = [values.length / width, width];
  return { values: tf.tensor2d(values, shape), weights: tf.tensor2d(weights, shape) };
}

/**
 * Gaussian negative log-likelihood of the labels, plus squared errors of labels, changes and tags, plus
 * what concordance of the labels lacks.
 *
 * @param changeScale [1, 2 · horizons] 1 / spread of each change
 * @param tags with their logits, or undefined where the data has no tags
 * @param lessons absent where nobody teaches
 */
export function lossOf(
  tf: Tf,
  said: Unrolled,
  labels: TargetTensors,
  changes: TargetTensors,
  changeScale: Tensor2D,
  tags: (TargetTensors & { readonly logits: Tensor2D }) | undefined,
  options: LossOptions,
  lessons?: TargetTensors,
): Scalar {
  const squares: Tensor = tf.square(tf.sub(said.emotion, labels.values));
  const likelihood = tf.add(tf.mul(0.5, tf.mul(squares, tf.exp(tf.mul(-2, said.logSd)))), said.logSd);
  let loss = tf.add(
    weightedMean(tf, likelihood, labels.weights),
    tf.mul(options.squaredWeight, weightedMean(tf, squares, labels.weights)),
  );
  if (options.cccWeight > 0) {
    loss = tf.add(loss, tf.mul(options.cccWeight, discordance(tf, said.emotion, labels)));
  }
  const changeErrors = tf.square(tf.mul(tf.sub(said.change, changes.values), changeScale));
  loss = tf.add(loss, tf.mul(options.changeWeight, weightedMean(tf, changeErrors, changes.weights)));
  if (tags) {
    const tagErrors = tf.square(tf.sub(tags.logits, tags.values));
    loss = tf.add(loss, tf.mul(options.tagWeight, weightedMean(tf, tagErrors, tags.weights)));
  }
  if (lessons) {
    const distances = tf.square(tf.sub(said.emotion, lessons.values));
    loss = tf.add(loss, tf.mul(options.lessonWeight, weightedMean(tf, distances, lessons.weights)));
  }
  return loss as Scalar;
}

/** 1 − concordance correlation coefficient (Lin 1989) over all steps of the batch, summed over the axes. */
function discordance(tf: Tf, said: Tensor, { values, weights }: TargetTensors): Tensor {
  const count = tf.maximum(tf.sum(weights, 0, true), 1);
  const mean = (x: Tensor) => tf.div(tf.sum(tf.mul(x, weights), 0, true), count);
  const [saidMean, labelMean] = [mean(said), mean(values)];
  const [saidRest, labelRest] = [tf.sub(said, saidMean), tf.sub(values, labelMean)];
  const covariance = mean(tf.mul(saidRest, labelRest));
  const spread = tf.add(mean(tf.square(saidRest)), mean(tf.square(labelRest)));
  const offset = tf.square(tf.sub(saidMean, labelMean));
  const ccc = tf.div(tf.mul(2, covariance), tf.add(tf.add(spread, offset), 1e-4));
  return tf.sum(tf.sub(1, ccc));
}

function weightedMean(tf: Tf, values: Tensor, weights: Tensor): Tensor {
  return tf.div(tf.sum(tf.mul(values, weights)), tf.maximum(tf.sum(weights), 1));
}

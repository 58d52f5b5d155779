import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../engine.ts';
import type { Target } from './batch.ts';
import type { Unrolled } from './unroll.ts';

export interface LossOptions {
  /** Weight of the plain squared error beside the likelihood, which alone would neglect songs it finds hard. */
  readonly squaredWeight: number;
  /** Weight of the forecast changes, each in units of its own spread. */
  readonly changeWeight: number;
  /** Weight of the mood tags, which teach the features what ten listeners per song cannot. */
  readonly tagWeight: number;
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
 * Gaussian negative log-likelihood of the labels, plus squared errors of labels, changes and tags.
 *
 * @param changeScale [1, 2 · horizons] 1 / spread of each change
 * @param tagLogits [rows, tags], or undefined where the data has no tags
 */
export function lossOf(
  tf: Tf,
  said: Unrolled,
  labels: TargetTensors,
  changes: TargetTensors,
  changeScale: Tensor2D,
  tags: (TargetTensors & { readonly logits: Tensor2D }) | undefined,
  options: LossOptions,
): Scalar {
  const squares: Tensor = tf.square(tf.sub(said.emotion, labels.values));
  const likelihood = tf.add(tf.mul(0.5, tf.mul(squares, tf.exp(tf.mul(-2, said.logSd)))), said.logSd);
  let loss = tf.add(
    weightedMean(tf, likelihood, labels.weights),
    tf.mul(options.squaredWeight, weightedMean(tf, squares, labels.weights)),
  );
  const changeErrors = tf.square(tf.mul(tf.sub(said.change, changes.values), changeScale));
  loss = tf.add(loss, tf.mul(options.changeWeight, weightedMean(tf, changeErrors, changes.weights)));
  if (tags) {
    const tagErrors = tf.square(tf.sub(tags.logits, tags.values));
    loss = tf.add(loss, tf.mul(options.tagWeight, weightedMean(tf, tagErrors, tags.weights)));
  }
  return loss as Scalar;
}

function weightedMean(tf: Tf, values: Tensor, weights: Tensor): Tensor {
  return tf.div(tf.sum(tf.mul(values, weights)), tf.maximum(tf.sum(weights), 1));
}

import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';
import type { BaselineOutputs } from '../../kinds/baselines/architecture.ts';

export interface SeedTargets {
  /** [rows, 2] */
  readonly labels: Tensor2D;
  /** [rows, 1] */
  readonly known: Tensor2D;
  /** [rows, CLASS_LOGITS] */
  readonly classes: Tensor2D;
}

/**
 * Mean squared error of both axes. Of a network that says classes: in units of the labels' variance, and besides the mean
 * cross-entropy over the two ways of cutting the circumplex, so that neither drowns the other.
 */
export function seedLoss(
  tf: Tf,
  said: BaselineOutputs,
  { labels, known, classes }: SeedTargets,
  labelVariance: number,
): Scalar {
  const count = tf.maximum(tf.sum(known), 1);
  const errors: Tensor = tf.sum(tf.mul(tf.square(tf.sub(said.emotion, labels)), known));
  const squared = tf.div(errors, tf.mul(2, count));
  if (!said.classes) return squared as Scalar;
  const [quadrants, words] = tf.split<Tensor2D>(said.classes, 2, 1) as [Tensor2D, Tensor2D];
  const logits = tf.concat([tf.logSoftmax(quadrants), tf.logSoftmax(words)], 1);
  const entropy = tf.div(tf.neg(tf.sum(tf.mul(logits, classes))), tf.mul(2, count));
  return tf.add(tf.div(squared, labelVariance), entropy);
}

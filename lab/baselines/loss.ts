import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { BaselineOutputs } from '../../src/model/kinds/baselines/architecture.ts';

interface BaselineTargets {
  /** [rows, 2] valence and arousal. */
  readonly labels: Tensor2D;
  /** [rows, 1] mask: 1 with a label, otherwise 0. */
  readonly known: Tensor2D;
  /** [rows, CLASS_LOGITS] one-hot quadrant and one-hot word. */
  readonly classes: Tensor2D;
}

/**
 * Mean squared error of both axes. For networks that predict classes: mean squared error divided by the variance of the
 * labels, so that it is on the scale of the second term, the mean cross-entropy over both class schemes.
 */
export function baselineLoss(
  tf: Tf,
  outputs: BaselineOutputs,
  { labels, known, classes }: BaselineTargets,
  labelVariance: number,
): Scalar {
  const count = tf.maximum(tf.sum(known), 1);
  const errors: Tensor = tf.sum(tf.mul(tf.square(tf.sub(outputs.emotion, labels)), known));
  const squared = tf.div(errors, tf.mul(2, count));
  if (!outputs.classes) return squared as Scalar;
  const [quadrants, words] = tf.split<Tensor2D>(outputs.classes, 2, 1) as [Tensor2D, Tensor2D];
  const logits = tf.concat([tf.logSoftmax(quadrants), tf.logSoftmax(words)], 1);
  const entropy = tf.div(tf.neg(tf.sum(tf.mul(logits, classes))), tf.mul(2, count));
  return tf.add(tf.div(squared, labelVariance), entropy);
}

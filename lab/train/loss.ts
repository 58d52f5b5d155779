import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { Target } from './batch.ts';
import type { Unrolled } from './unroll.ts';

export interface LossOptions {
  /** Weight of the squared error beside the likelihood, which alone neglects songs with large errors. */
  readonly squaredWeight: number;
  /**
   * Weight of 1 − CCC of the batch, both axes. With likelihood and squared error alone, predictions vary less than the
   * labels.
   */
  readonly cccWeight: number;
  /** Weight of the mood tags, an auxiliary task for the features: labels come from only ten listeners per song. */
  readonly tagWeight: number;
  /** Weight of the squared distance from the teachers' predictions (distillation). */
  readonly lessonWeight: number;
}

/** Targets of a batch as tensors, [rows, width]. */
interface TargetTensors {
  readonly values: Tensor2D;
  readonly weights: Tensor2D;
}

export function targetTensors(tf: Tf, { width, values, weights }: Target): TargetTensors {
  const shape: [number, number] = [values.length / width, width];
  return { values: tf.tensor2d(values, shape), weights: tf.tensor2d(weights, shape) };
}

/**
 * Gaussian negative log-likelihood of the labels, plus weighted squared errors of labels, tags and soft targets,
 * plus 1 − CCC of the labels.
 *
 * @param tags with their logits; undefined if the data has no tags
 * @param softTargets absent without distillation
 */
export function lossOf(
  tf: Tf,
  predicted: Unrolled,
  labels: TargetTensors,
  tags: (TargetTensors & { readonly logits: Tensor2D }) | undefined,
  options: LossOptions,
  softTargets?: TargetTensors,
): Scalar {
  const { emotion, logSd } = predicted;
  const squares: Tensor = tf.square(tf.sub(emotion, labels.values));
  const likelihood = tf.add(tf.mul(0.5, tf.mul(squares, tf.exp(tf.mul(-2, logSd)))), logSd);
  let loss = tf.add(
    weightedMean(tf, likelihood, labels.weights),
    tf.mul(options.squaredWeight, weightedMean(tf, squares, labels.weights)),
  );
  if (options.cccWeight > 0) {
    loss = tf.add(loss, tf.mul(options.cccWeight, discordance(tf, emotion, labels)));
  }
  if (tags) {
    const tagErrors = tf.square(tf.sub(tags.logits, tags.values));
    loss = tf.add(loss, tf.mul(options.tagWeight, weightedMean(tf, tagErrors, tags.weights)));
  }
  if (softTargets) {
    const distances = tf.square(tf.sub(emotion, softTargets.values));
    loss = tf.add(loss, tf.mul(options.lessonWeight, weightedMean(tf, distances, softTargets.weights)));
  }
  return loss as Scalar;
}

/** 1 − concordance correlation coefficient (Lin 1989) over all steps of the batch, summed over the axes. */
function discordance(tf: Tf, predicted: Tensor, { values, weights }: TargetTensors): Tensor {
  const count = tf.maximum(tf.sum(weights, 0, true), 1);
  const mean = (x: Tensor) => tf.div(tf.sum(tf.mul(x, weights), 0, true), count);
  const [predictedMean, labelMean] = [mean(predicted), mean(values)];
  const [predictedRest, labelRest] = [tf.sub(predicted, predictedMean), tf.sub(values, labelMean)];
  const covariance = mean(tf.mul(predictedRest, labelRest));
  const spread = tf.add(mean(tf.square(predictedRest)), mean(tf.square(labelRest)));
  const offset = tf.square(tf.sub(predictedMean, labelMean));
  const ccc = tf.div(tf.mul(2, covariance), tf.add(tf.add(spread, offset), 1e-4));
  return tf.sum(tf.sub(1, ccc));
}

function weightedMean(tf: Tf, values: Tensor, weights: Tensor): Tensor {
  return tf.div(tf.sum(tf.mul(values, weights)), tf.maximum(tf.sum(weights), 1));
}

import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';

/*
 * Kernel ridge regression of valence and arousal on the means of the standardized inputs of a song (song-means.ts), with a
 * Gaussian kernel at some landmarks among the training steps (Nyström approximation: Williams & Seeger 2001) and a linear
 * part. It is fitted in closed form, and its errors differ from those of the networks beside it.
 */

/** The shape of every tensor by name, as they are stored and computed. @param means of a step: `MEANS` · inputs */
export const kernelShapes = (means: number, landmarks: number): Record<string, readonly number[]> => ({
  'kernel/scale': [1], // 1 / the width of the Gaussian
  'kernel/landmarks': [means, landmarks], // times the scale
  'kernel/weights': [landmarks, 2],
  'kernel/linear': [means, 2],
  'kernel/bias': [2],
});

/** |z − l|² between means and landmarks, both times the scale. [rows, means] → [rows, landmarks] */
function squaredDistances(tf: Tf, z: Tensor2D, landmarks: Tensor2D): Tensor2D {
  const ofRows = tf.sum(tf.square(z), 1, true);
  const ofLandmarks = tf.sum(tf.square(landmarks), 0, true);
  return tf.relu(tf.sub(tf.add(ofRows, ofLandmarks), tf.mul(2, tf.matMul(z, landmarks)))) as Tensor2D;
}

/** The kernel between means and landmarks, both times the scale: exp(−|z − l|²). [rows, means] → [rows, landmarks] */
export function gaussian(tf: Tf, z: Tensor2D, landmarks: Tensor2D): Tensor2D {
  return tf.exp(tf.neg(squaredDistances(tf, z, landmarks))) as Tensor2D;
}

export interface Regression {
  /** [rows, 2] valence and arousal, which are not limited to [-1, 1]. */
  readonly emotion: Tensor2D;
  /** [rows, 1] squared distance from the nearest landmark, in squared widths of the Gaussian. */
  readonly novelty: Tensor2D;
}

/** @param z [rows, means] */
export function regress(tf: Tf, weights: Readonly<Record<string, Tensor>>, z: Tensor2D): Regression {
  const get = <T extends Tensor>(name: string) => weights[`kernel/${name}`] as T;
  const squares = squaredDistances(tf, tf.mul(z, get<Scalar>('scale')), get<Tensor2D>('landmarks'));
  const near: Tensor2D = tf.exp(tf.neg(squares));
  const smooth: Tensor2D = tf.matMul(near, get<Tensor2D>('weights'));
  const linear: Tensor2D = tf.matMul(z, get<Tensor2D>('linear'));
  return {
    emotion: tf.add(tf.add(smooth, linear), get<Tensor1D>('bias')),
    novelty: tf.min(squares, 1, true),
  };
}

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

/** The kernel between means and landmarks, both times the scale: exp(−|z − l|²). [rows, means] → [rows, landmarks] */
export function gaussian(tf: Tf, z: Tensor2D, landmarks: Tensor2D): Tensor2D {
  const ofRows = tf.sum(tf.square(z), 1, true);
  const ofLandmarks = tf.sum(tf.square(landmarks), 0, true);
  const squares = tf.sub(tf.add(ofRows, ofLandmarks), tf.mul(2, tf.matMul(z, landmarks)));
  return tf.exp(tf.neg(tf.relu(squares))) as Tensor2D;
}

/** [rows, means] → [rows, 2] valence and arousal, which are not limited to [-1, 1]. */
export function regress(tf: Tf, weights: Readonly<Record<string, Tensor>>, z: Tensor2D): Tensor2D {
  const get = <T extends Tensor>(name: string) => weights[`kernel/${name}`] as T;
  const near = gaussian(tf, tf.mul(z, get<Scalar>('scale')), get<Tensor2D>('landmarks'));
  const smooth: Tensor2D = tf.matMul(near, get<Tensor2D>('weights'));
  const linear: Tensor2D = tf.matMul(z, get<Tensor2D>('linear'));
  return tf.add(tf.add(smooth, linear), get<Tensor1D>('bias'));
}

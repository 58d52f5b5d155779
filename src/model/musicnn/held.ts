import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../engine.ts';

/**
 * `[batch, rows / stride, channels]`, of which the last belongs to the newest row → `[batch, rows, channels]`,
 * each holding for the `stride` rows up to its own.
 */
export function held(tf: Tf, x: Tensor3D, rows: number, stride: number): Tensor3D {
  if (stride === 1) return x;
  const [batch, some, channels] = x.shape;
  const repeated = tf.tile(tf.reshape(x, [batch, some, 1, channels]), [1, 1, stride, 1]);
  const all: Tensor3D = tf.reshape(repeated, [batch, some * stride, channels]);
  return tf.slice(all, [0, some * stride - rows, 0], [batch, rows, channels]);
}

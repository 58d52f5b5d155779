import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { Keep } from './layers.ts';
import { readNormalisation } from './normalisation.ts';
import { KERNEL_FRAMES, KERNEL_PAD } from './sizes.ts';
import type { MusicnnWeights } from './weights.ts';

/** `[batch, rows + 6, 561]` or, after the first, `[…, 64]` → `[batch, rows, 64]` */
export type MiddleLayer = (x: Tensor3D) => Tensor3D;

/** A convolution over 7 frames of all features; layers after the first add their input to its output. */
export function middleLayer(tf: Tf, weights: MusicnnWeights, index: number, keep: Keep): MiddleLayer {
  const { shape, values } = weights(`conv2d_${index + 5}/kernel`); // [7, inputs, 1, 64]
  const [, inputs, , outputs] = shape as [number, number, number, number];
  const kernel = keep(tf.tensor4d(values, [KERNEL_FRAMES, 1, inputs, outputs]));
  const bias = keep(tf.tensor1d(weights(`conv2d_${index + 5}/bias`).values));
  const normalisation = readNormalisation(weights, index + 6);
  const scale = keep(tf.tensor1d(normalisation.scale));
  const offset = keep(tf.tensor1d(normalisation.offset));
  return (x) => {
    const [batch, rows] = x.shape;
    const image = tf.reshape(x, [batch, rows, 1, inputs]) as Tensor4D;
    const convolved = tf.add(tf.conv2d(image, kernel, 1, 'valid'), bias);
    const y = tf.reshape(tf.add(tf.mul(tf.relu(convolved), scale), offset), [batch, -1, outputs]) as Tensor3D;
    if (index === 0) return y;
    return tf.add(y, tf.slice(x, [0, KERNEL_PAD, 0], [batch, rows - 2 * KERNEL_PAD, inputs]));
  };
}

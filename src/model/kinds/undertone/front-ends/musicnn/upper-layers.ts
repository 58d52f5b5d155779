import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { Keep } from './filters.ts';
import { KERNEL_FRAMES, KERNEL_PAD } from './sizes.ts';
import { type MusicnnWeights, readNormalization } from './weights.ts';

/** `[batch, rows + 6, 561]` or, after the first, `[…, 64]` → `[batch, rows, 64]` */
export type MiddleLayer = (x: Tensor3D) => Tensor3D;

/** A convolution over 7 frames of all features; layers after the first add their input to its output. */
export function middleLayer(tf: Tf, weights: MusicnnWeights, index: number, keep: Keep): MiddleLayer {
  const { shape, values } = weights(`conv2d_${index + 5}/kernel`); // [7, inputs, 1, 64]
  const [, inputs, , outputs] = shape as [number, number, number, number];
  const kernel = keep(tf.tensor4d(values, [KERNEL_FRAMES, 1, inputs, outputs]));
  const bias = keep(tf.tensor1d(weights(`conv2d_${index + 5}/bias`).values));
  const normalization = readNormalization(weights, index + 6);
  const scale = keep(tf.tensor1d(normalization.scale));
  const offset = keep(tf.tensor1d(normalization.offset));
  return (x) => {
    const [batch, rows] = x.shape;
    const image = tf.reshape(x, [batch, rows, 1, inputs]) as Tensor4D;
    const convolved = tf.add(tf.conv2d(image, kernel, 1, 'valid'), bias);
    const y = tf.reshape(tf.add(tf.mul(tf.relu(convolved), scale), offset), [batch, -1, outputs]) as Tensor3D;
    if (index === 0) return y;
    return tf.add(y, tf.slice(x, [0, KERNEL_PAD, 0], [batch, rows - 2 * KERNEL_PAD, inputs]));
  };
}

/** Maximum and mean over time, `[batch, 753]` each → 200 features and the logits of 50 tags. */
export type BackEnd = (max: Tensor2D, mean: Tensor2D) => { penultimate: Tensor2D; logits: Tensor2D };

/** Normalization `_9` is folded into the dense layer, whose inputs are interleaved: max, mean, max, mean … */
export function backEnd(tf: Tf, weights: MusicnnWeights, keep: Keep): BackEnd {
  const { shape, values } = weights('dense/kernel'); // [1506, 200]
  const [inputs, units] = shape as [number, number];
  const before = readNormalization(weights, 9);
  const biasValues = weights('dense/bias').values.slice();
  const kernels = [new Float32Array(values.length / 2), new Float32Array(values.length / 2)];
  for (let i = 0; i < inputs; i++) {
    for (let unit = 0; unit < units; unit++) {
      const weight = values[i * units + unit]!;
      kernels[i % 2]![(i >> 1) * units + unit] = weight * before.scale[i]!;
      biasValues[unit]! += weight * before.offset[i]!;
    }
  }
  const [forMax, forMean] = kernels.map((kernel) => keep(tf.tensor2d(kernel, [inputs / 2, units])));
  const after = readNormalization(weights, 10);
  const [bias, scale, offset, lastBias] = [
    ...[biasValues, after.scale, after.offset, weights('dense_1/bias').values],
  ].map((vector): Tensor1D => keep(tf.tensor1d(vector)));
  const last = weights('dense_1/kernel');
  const lastKernel = keep(tf.tensor2d(last.values, last.shape as [number, number]));
  return (max, mean) => {
    const sum = tf.add(tf.add(tf.matMul(max, forMax!), tf.matMul(mean, forMean!)), bias!);
    const penultimate: Tensor2D = tf.add(tf.mul(tf.relu(sum), scale!), offset!);
    const logits: Tensor2D = tf.add(tf.matMul(penultimate, lastKernel), lastBias!);
    return { penultimate, logits };
  };
}

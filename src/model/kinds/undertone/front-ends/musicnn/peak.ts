import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { Keep } from './layers.ts';
import type { Normalisation } from './normalisation.ts';

/**
 * A filter followed by ReLU, normalisation and the maximum over frequency. The maximum is taken first,
 * on the bare convolution, so that all else costs next to nothing: bias and ReLU keep the order, and
 * where the normalisation turns it round (a negative scale) the filter's sign is turned as well.
 */
export function signsOf({ scale }: Normalisation): Float32Array {
  return scale.map((value) => (value < 0 ? -1 : 1));
}

export function finisher(tf: Tf, bias: Float32Array, normalisation: Normalisation, keep: Keep) {
  const signs = signsOf(normalisation);
  const [b, sign, scale, offset] = [bias, signs, normalisation.scale, normalisation.offset].map((values) =>
    keep(tf.tensor1d(values)),
  );
  /** `[…, channels]`: the maximum of the bare (sign-turned) convolution → the layer's output. */
  return (peak: Tensor2D): Tensor2D =>
    tf.add(tf.mul(tf.relu(tf.add(tf.mul(peak, sign!), b!)), scale!), offset!);
}

/** The kernel with the channels turned round whose normalisation has a negative scale. */
export function turned(kernel: Float32Array, signs: Float32Array): Float32Array {
  return kernel.map((value, i) => value * signs[i % signs.length]!);
}

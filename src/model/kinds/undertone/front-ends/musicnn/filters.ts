import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { Normalization } from './weights.ts';

/** Registers a tensor that is disposed of with the layers. */
export type Keep = <T extends Tensor>(tensor: T) => T;

/** The strides of the tagger's front end, which is nearly all of its cost. */
export interface Pruning {
  /** Stride of the timbral filters over bands. */
  readonly timbralStride: number;
  /** Stride of the temporal filters over bands. */
  readonly temporalStride: number;
  /** Stride of the front end over frames; the frames between repeat an output. */
  readonly timeStride: number;
  /** The same for outputs of the temporal filters that are not settled yet: later frames will change them. */
  readonly unsettledStride: number;
}

/** Without pruning. */
export const AS_PUBLISHED: Pruning = {
  timbralStride: 1,
  temporalStride: 1,
  timeStride: 1,
  unsettledStride: 1,
};

/**
 * The sign of each channel's normalization scale.
 *
 * A filter is followed by bias, ReLU, normalization and the maximum over frequency. Here the maximum is taken first, on
 * the convolution, so that the rest costs almost nothing: bias and ReLU preserve the order, and for channels whose
 * normalization reverses it (a negative scale) the sign of the filter is reversed too.
 */
export function signsOf({ scale }: Normalization): Float32Array {
  return scale.map((value) => (value < 0 ? -1 : 1));
}

/** Applies bias, ReLU and normalization after the maximum. */
export function finisher(tf: Tf, bias: Float32Array, normalization: Normalization, keep: Keep) {
  const signs = signsOf(normalization);
  const [b, sign, scale, offset] = [bias, signs, normalization.scale, normalization.offset].map((values) =>
    keep(tf.tensor1d(values)),
  );
  /** `[…, channels]`: the maximum of the convolution with signed kernels → the layer's output. */
  return (peak: Tensor2D): Tensor2D =>
    tf.add(tf.mul(tf.relu(tf.add(tf.mul(peak, sign!), b!)), scale!), offset!);
}

/** The kernel multiplied by the sign of each channel. */
export function signedKernel(kernel: Float32Array, signs: Float32Array): Float32Array {
  return kernel.map((value, i) => value * signs[i % signs.length]!);
}

/**
 * `[batch, rows / stride, channels]`, of which the last belongs to the newest row → `[batch, rows, channels]`: each is
 * repeated for the `stride` rows up to its own.
 */
export function repeatRows(tf: Tf, x: Tensor3D, rows: number, stride: number): Tensor3D {
  if (stride === 1) return x;
  const [batch, some, channels] = x.shape;
  // concat instead of tile: the wasm engine copies whole rows, while its tile copies single numbers (2 ms per step).
  const row: Tensor3D = tf.reshape(x, [batch * some, 1, channels]);
  const all: Tensor3D = tf.reshape(
    tf.concat(
      Array.from({ length: stride }, () => row),
      1,
    ),
    [batch, some * stride, channels],
  );
  return tf.slice(all, [0, some * stride - rows, 0], [batch, rows, channels]);
}

/**
 * A buffer that a layer reuses, because allocating arrays of this size costs more than filling them. It contains the
 * values of the last use. Do not take it again before the computation with it is done.
 */
export class Scratch {
  #buffer = new Float32Array(0);

  take(length: number): Float32Array {
    if (this.#buffer.length < length) this.#buffer = new Float32Array(length);
    return this.#buffer.subarray(0, length);
  }
}

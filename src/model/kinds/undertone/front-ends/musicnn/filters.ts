import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { Normalisation } from './weights.ts';

/** Registers a tensor that lives as long as the layers do. */
export type Keep = <T extends Tensor>(tensor: T) => T;

/** At how many places in frequency and time the tagger's front end, nearly all of the cost, is computed. */
export interface Pruning {
  /** Bands from one place of the timbral filters to the next. */
  readonly timbralStride: number;
  /** Bands from one place of the temporal filters to the next. */
  readonly temporalStride: number;
  /** Frames from one that the front end computes to the next; its output holds until then. */
  readonly timeStride: number;
  /** The same for the temporal filters' outputs that change until the frames after them have come. */
  readonly unsettledStride: number;
}

/** Nothing left out. */
export const AS_PUBLISHED: Pruning = {
  timbralStride: 1,
  temporalStride: 1,
  timeStride: 1,
  unsettledStride: 1,
};

/**
 * A filter followed by ReLU, normalisation and the maximum over frequency. The maximum is taken first,
 * on the bare convolution, so that all else costs next to nothing: bias and ReLU keep the order, and
 * where the normalisation reverses it (a negative scale) the filter's sign is reversed as well.
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

/** The kernel with the sign of those channels reversed whose normalisation has a negative scale. */
export function turned(kernel: Float32Array, signs: Float32Array): Float32Array {
  return kernel.map((value, i) => value * signs[i % signs.length]!);
}

/**
 * `[batch, rows / stride, channels]`, of which the last belongs to the newest row → `[batch, rows, channels]`,
 * each holding for the `stride` rows up to its own.
 */
export function held(tf: Tf, x: Tensor3D, rows: number, stride: number): Tensor3D {
  if (stride === 1) return x;
  const [batch, some, channels] = x.shape;
  // Joined with itself: the wasm engine copies whole rows then, where its tile goes number by number (2 ms a step).
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
 * A buffer that a layer reuses: allocating arrays of this size costs more than filling them. Its contents are
 * those of the last use; it must not be taken again before what was computed from it is done.
 */
export class Scratch {
  #room = new Float32Array(0);

  take(length: number): Float32Array {
    if (this.#room.length < length) this.#room = new Float32Array(length);
    return this.#room.subarray(0, length);
  }
}

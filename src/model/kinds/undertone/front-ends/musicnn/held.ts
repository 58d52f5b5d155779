import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';

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

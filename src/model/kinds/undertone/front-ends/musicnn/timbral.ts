import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import type { Tf } from '../../../../engine.ts';
import { finisher, type Keep, type Pruning, repeatRows, Scratch, signedKernel, signsOf } from './filters.ts';
import { KERNEL_FRAMES, ROWS_AT_ONCE, TIMBRAL_CHANNELS } from './sizes.ts';
import { type MusicnnWeights, readNormalization } from './weights.ts';

/** `[batch, rows + 6, bands]`, normalized → `[batch, rows, 408]` */
export type TimbralLayer = (mel: Float32Array, batch: number) => Tensor3D;

/**
 * Patterns of 7 frames at any frequency: instruments and voices.
 *
 * With a stride over time, each output is repeated for the frames before it.
 */
export function timbralLayer(
  tf: Tf,
  weights: MusicnnWeights,
  { timbralStride, timeStride }: Pruning,
  keep: Keep,
): TimbralLayer {
  const filters = [0, 1].map((index) => timbralFilter(tf, weights, index, timbralStride, keep));
  const size = MEL_BANDS * KERNEL_FRAMES;
  const scratch = new Scratch();
  return (mel, batch) => {
    const allRows = mel.length / MEL_BANDS / batch - (KERNEL_FRAMES - 1);
    const rows = Math.ceil(allRows / timeStride);
    const images = scratch.take(batch * rows * size);
    unfoldFrames(mel, batch, allRows, timeStride, images);
    const parts: Tensor2D[] = [];
    for (let start = 0; start < batch * rows; start += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, batch * rows - start);
      const part = images.subarray(start * size, (start + count) * size);
      const image = tf.tensor4d(part, [1, count, MEL_BANDS, KERNEL_FRAMES]);
      parts.push(
        tf.concat(
          filters.map((filter) => filter(image)),
          1,
        ),
      );
    }
    const outputs: Tensor3D = tf.reshape(tf.concat(parts, 0), [batch, rows, TIMBRAL_CHANNELS]);
    return repeatRows(tf, outputs, allRows, timeStride);
  };
}

/**
 * A convolution over frequency with the seven frames as input channels: engines compute in blocks of channels, and a
 * single input channel would waste most of a block (measured: twice as fast on wasm).
 */
function timbralFilter(tf: Tf, weights: MusicnnWeights, index: number, stride: number, keep: Keep) {
  const suffix = index === 0 ? 'conv2d' : `conv2d_${index}`;
  const { shape, values } = weights(`${suffix}/kernel`); // [7, bands, 1, channels]
  const [frames, bands, , channels] = shape as [number, number, number, number];
  const normalization = readNormalization(weights, index + 1);
  const kernel = new Float32Array(values.length); // [1, bands, 7, channels]
  const source = signedKernel(values, signsOf(normalization));
  for (let f = 0; f < frames; f++) {
    for (let b = 0; b < bands; b++) {
      const from = (f * bands + b) * channels;
      kernel.set(source.subarray(from, from + channels), (b * frames + f) * channels);
    }
  }
  const filter = keep(tf.tensor4d(kernel, [1, bands, frames, channels]));
  const finish = finisher(tf, weights(`${suffix}/bias`).values, normalization, keep);
  const positions = Math.floor((MEL_BANDS - bands) / stride) + 1;
  return (image: Tensor4D): Tensor2D => {
    const convolved = tf.conv2d(image, filter, [1, stride], 'valid');
    const peak = tf.maxPool(convolved, [1, positions], 1, 'valid');
    return finish(tf.reshape(peak, [-1, channels]));
  };
}

/**
 * `[batch, rows + 6, bands]` → `[batch · rows / stride, bands, 7]`: the frames at each filter position side by side,
 * the newest row included.
 */
function unfoldFrames(
  mel: Float32Array,
  batch: number,
  rows: number,
  stride: number,
  images: Float32Array,
): void {
  let at = 0;
  for (let item = 0; item < batch; item++) {
    for (let row = (rows - 1) % stride; row < rows; row += stride) {
      const first = (item * (rows + KERNEL_FRAMES - 1) + row) * MEL_BANDS;
      for (let band = 0; band < MEL_BANDS; band++) {
        for (let frame = 0; frame < KERNEL_FRAMES; frame++) {
          images[at++] = mel[first + frame * MEL_BANDS + band]!;
        }
      }
    }
  }
}

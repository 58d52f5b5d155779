import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import type { Tf } from '../../../../engine.ts';
import { finisher, type Keep, type Pruning, repeatRows, Scratch, signedKernel, signsOf } from './filters.ts';
import { ROWS_AT_ONCE, TEMPORAL_CHANNELS, TEMPORAL_TAPS } from './sizes.ts';
import { type MusicnnWeights, readNormalization } from './weights.ts';

/** `[batch, rows + taps − 1, bands]`, normalized → `[batch, rows, 51]` */
export type TemporalLayer = (mel: Float32Array, batch: number) => Tensor3D;

/** Outputs in time that one matrix product computes for each band, per filter length. */
const BLOCKS = [8, 8, 4] as const;

/**
 * Patterns over half a second to two seconds within one band: rhythm. The filter over time is computed as a matrix
 * product: for each band, a run of `taps + block − 1` frames times a band matrix gives `block` outputs at once. It has
 * no second dimension from which a convolution would gain.
 *
 * With a stride over time, each output is repeated for the frames before it.
 */
export function temporalLayer(
  tf: Tf,
  weights: MusicnnWeights,
  index: number,
  { temporalStride, timeStride }: Pruning,
  keep: Keep,
): TemporalLayer {
  const bands = Math.ceil(MEL_BANDS / temporalStride);
  const taps = TEMPORAL_TAPS[index]!;
  const block = BLOCKS[index]!;
  const normalization = readNormalization(weights, index + 3);
  const kernel = signedKernel(weights(`conv2d_${index + 2}/kernel`).values, signsOf(normalization)); // [taps, channels]
  const channels = TEMPORAL_CHANNELS;
  const run = taps + (block - 1) * timeStride;
  const shifted = new Float32Array(run * block * channels); // [run, block, channels]
  for (let out = 0; out < block; out++) {
    for (let tap = 0; tap < taps; tap++) {
      const from = kernel.subarray(tap * channels, (tap + 1) * channels);
      shifted.set(from, ((out * timeStride + tap) * block + out) * channels);
    }
  }
  const matrix = keep(tf.tensor2d(shifted, [run, block * channels]));
  const finish = finisher(tf, weights(`conv2d_${index + 2}/bias`).values, normalization, keep);
  const scratch = new Scratch();
  return (mel: Float32Array, batch: number): Tensor3D => {
    const allRows = mel.length / MEL_BANDS / batch - (taps - 1);
    const rows = Math.ceil(allRows / timeStride);
    const first = (allRows - 1) % timeStride; // so that the newest row is included
    const blocks = Math.ceil(rows / block);
    const parts: Tensor3D[] = [];
    const itemsAtOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / rows));
    const size = mel.length / batch;
    for (let start = 0; start < batch; start += itemsAtOnce) {
      const items = Math.min(itemsAtOnce, batch - start);
      const runs = scratch.take(items * blocks * bands * run);
      const unfolding = { batch: items, run, block, blocks, first, timeStride, temporalStride };
      unfoldRuns(mel.subarray(start * size, (start + items) * size), unfolding, runs);
      const convolved = tf.matMul(tf.tensor2d(runs, [items * blocks * bands, run]), matrix);
      const image: Tensor4D = tf.reshape(convolved, [1, items * blocks, bands, block * channels]);
      const peak = tf.maxPool(image, [1, bands], 1, 'valid');
      const finished = finish(tf.reshape(peak, [items * blocks * block, channels]));
      const outputs: Tensor3D = tf.reshape(finished, [items, blocks * block, channels]);
      parts.push(tf.slice(outputs, [0, 0, 0], [items, rows, channels]));
    }
    return repeatRows(tf, tf.concat(parts, 0), allRows, timeStride);
  };
}

interface Unfolding {
  readonly batch: number;
  readonly run: number;
  readonly block: number;
  readonly blocks: number;
  readonly first: number;
  readonly timeStride: number;
  readonly temporalStride: number;
}

/** `[batch, rows, 96]` → `[batch, blocks, 96 / temporalStride, run]`; frames after the end are zero and not used. */
function unfoldRuns(
  mel: Float32Array,
  { batch, run, block, blocks, first, timeStride, temporalStride }: Unfolding,
  runs: Float32Array,
): void {
  const rows = mel.length / MEL_BANDS / batch;
  let at = 0;
  for (let item = 0; item < batch; item++) {
    for (let b = 0; b < blocks; b++) {
      const start = first + b * block * timeStride;
      const count = Math.min(run, rows - start);
      for (let band = 0; band < MEL_BANDS; band += temporalStride) {
        let from = (item * rows + start) * MEL_BANDS + band;
        for (let i = 0; i < count; i++, from += MEL_BANDS) runs[at + i] = mel[from]!;
        runs.fill(0, at + count, at + run);
        at += run;
      }
    }
  }
}

import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../stream/mel-ring.ts';
import type { Tf } from '../../../../engine.ts';
import type { MusicnnLayers } from './layers.ts';
import {
  FRONT_CHANNELS,
  framesAfter,
  framesBefore,
  KERNEL_PAD,
  MIDDLE_CHANNELS,
  MIDDLE_LAYERS,
  TEMPORAL_TAPS,
} from './sizes.ts';

/** The tagger's outputs for a patch: the maximum and mean of its frame features, and the layers after them. */
export interface PatchTensors {
  readonly max: Tensor2D; // [batch, 753]
  readonly mean: Tensor2D; // [batch, 753]
  readonly penultimate: Tensor2D; // [batch, 200]
  readonly logits: Tensor2D; // [batch, 50]
}

/**
 * The network as published: separate patches of 187 frames with zero padding. Call it inside `tf.tidy`.
 *
 * @param mel `[batch, 187, bands]`, log10(1 + 10⁴ · power)
 */
export function tagPatches(tf: Tf, layers: MusicnnLayers, mel: Float32Array, batch: number): PatchTensors {
  const normalized = layers.normalize(mel.slice());
  const front = tf.concat(
    [
      layers.timbral(padTime(normalized, batch, KERNEL_PAD, KERNEL_PAD), batch),
      ...layers.temporal.map((layer, i) => {
        const taps = TEMPORAL_TAPS[i]!;
        return layer(padTime(normalized, batch, framesBefore(taps), framesAfter(taps)), batch);
      }),
    ],
    2,
  );
  const features: Tensor3D[] = [front];
  for (const layer of layers.middle) {
    const x = features.at(-1)!;
    features.push(
      layer(
        tf.pad(x, [
          [0, 0],
          [KERNEL_PAD, KERNEL_PAD],
          [0, 0],
        ]),
      ),
    );
  }
  const frames = tf.concat(features, 2); // [batch, 187, 753]
  const max: Tensor2D = tf.max(frames, 1);
  const mean: Tensor2D = tf.mean(frames, 1);
  return { max, mean, ...layers.backEnd(max, mean) };
}

function padTime(mel: Float32Array, batch: number, before: number, after: number): Float32Array {
  const size = WINDOW_FRAMES * MEL_BANDS;
  const paddedSize = (before + WINDOW_FRAMES + after) * MEL_BANDS;
  const padded = new Float32Array(batch * paddedSize);
  for (let item = 0; item < batch; item++) {
    padded.set(mel.subarray(item * size, (item + 1) * size), item * paddedSize + before * MEL_BANDS);
  }
  return padded;
}

/** `[batch, FEATURE_COUNT + 50]`: features and logits in one tensor, which is read back at once. */
export function joinFeatures(tf: Tf, { mean, max, penultimate, logits }: PatchTensors): Tensor2D {
  const middle = (x: Tensor2D): Tensor2D =>
    tf.slice(x, [0, FRONT_CHANNELS], [x.shape[0], MIDDLE_CHANNELS * MIDDLE_LAYERS]);
  return tf.concat([middle(mean), middle(max), penultimate, logits], 1);
}

import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { PatchTensors } from './patch.ts';
import { FRONT_CHANNELS, MIDDLE_CHANNELS, MIDDLE_LAYERS, PENULTIMATE } from './sizes.ts';

const MIDDLE = MIDDLE_CHANNELS * MIDDLE_LAYERS;

/** Where each part of the feature vector starts and ends. All look at the newest 187 frames, 3 s. */
export const FEATURES = {
  /** Mean over time of the three middle layers. */
  middleMean: [0, MIDDLE],
  /** Maximum over time of the three middle layers. */
  middleMax: [MIDDLE, 2 * MIDDLE],
  /** The last layer before the tags. */
  penultimate: [2 * MIDDLE, 2 * MIDDLE + PENULTIMATE],
} as const;
export const FEATURE_COUNT: number = FEATURES.penultimate[1];

/** `[batch, FEATURE_COUNT + 50]`: features and logits in one tensor, so that they are fetched at once. */
export function joinFeatures(tf: Tf, { mean, max, penultimate, logits }: PatchTensors): Tensor2D {
  const middle = (x: Tensor2D): Tensor2D => tf.slice(x, [0, FRONT_CHANNELS], [x.shape[0], MIDDLE]);
  return tf.concat([middle(mean), middle(max), penultimate, logits], 1);
}

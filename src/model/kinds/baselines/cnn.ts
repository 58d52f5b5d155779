import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import type { Tf } from '../../engine.ts';
import {
  type Dropout,
  NO_DROPOUT,
  type SeedMemory,
  type SeedNetwork,
  type SeedTensors,
} from './architecture.ts';
import { createLayers } from './layers.ts';
import { FEATURE_BANDS } from './shapes.ts';
import type { CnnConfig } from './systems.ts';

/** System C: three blocks of convolution and pooling on each clip → dense → LSTM over the steps → dense; or without the LSTM. */
export function createCnn(tf: Tf, weights: SeedTensors, { channels, hidden }: CnnConfig): SeedNetwork {
  const { get, standardise, meanSquare, dense, forModules, lstm, emotion, classes } = createLayers(
    tf,
    weights,
  );

  /** Convolution, ReLU, and the largest of each 2 × 2. */
  function block(x: Tensor4D, name: string, stride: number): Tensor4D {
    const convolved = tf.conv2d(x, get<Tensor4D>(`${name}/kernel`), stride, 'same');
    const active = tf.relu(tf.add(convolved, get(`${name}/bias`)));
    return tf.maxPool(active as Tensor4D, 2, 2, 'valid');
  }

  /** [rows, CLIP_FRAMES, CLIP_BANDS] standardised → [rows, features] */
  function features(z: Tensor3D): Tensor2D {
    const rows = z.shape[0];
    let x: Tensor4D = tf.reshape(z, [rows, CLIP_FRAMES, CLIP_BANDS, 1]);
    x = block(x, 'convolution-1', 2); // [rows, 11, 32, …]
    x = block(x, 'convolution-2', 1); // [rows, 5, 16, …]
    x = block(x, 'convolution-3', 1); // [rows, 2, 8, …]
    const overTime = tf.reshape(tf.mean(x, 1), [rows, FEATURE_BANDS * channels[2]]) as Tensor2D;
    return tf.relu(dense(overTime, 'dense'));
  }

  function unroll(x: Tensor2D, streams: number, memory?: SeedMemory, dropout: Dropout = NO_DROPOUT) {
    const z: Tensor3D = standardise(tf.reshape(x, [x.shape[0], CLIP_FRAMES, CLIP_BANDS]));
    let heard = forModules(dropout(features(z)), 1);
    let after: SeedMemory = {};
    if (hidden > 0) {
      const { h, memory: next } = lstm(heard, 1, x.shape[0] / streams, memory);
      heard = dropout(h);
      after = next;
    }
    return {
      said: { emotion: emotion(heard), classes: classes(heard), novelty: meanSquare(z) },
      memory: after,
    };
  }

  return { unroll, step: (x, memory) => unroll(x, x.shape[0], memory) };
}

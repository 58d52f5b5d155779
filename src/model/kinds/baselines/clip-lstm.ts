import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
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
import type { ClipLstmConfig } from './systems.ts';

/** System A: frames of a clip → two networks of two LSTM layers → the last frame's memory → valence, arousal. */
export function createClipLstm(
  tf: Tf,
  weights: SeedTensors,
  { hidden, carried }: ClipLstmConfig,
): SeedNetwork {
  const { forModules, lstm, emotion } = createLayers(tf, weights);

  function unroll(x: Tensor2D, streams: number, memory?: SeedMemory, dropout: Dropout = NO_DROPOUT) {
    const rows = x.shape[0];
    // Where nothing is carried on, every clip is a stream of its own.
    const side = carried ? streams : rows;
    const steps = rows / side;
    const frames = steps * CLIP_FRAMES;
    const byFrame = tf.transpose(tf.reshape(x, [steps, side, CLIP_FRAMES, CLIP_BANDS]), [0, 2, 1, 3]);
    const input = forModules(tf.reshape(byFrame, [frames * side, CLIP_BANDS]), 2);
    const kept = carried ? memory : undefined;
    const first = lstm(input, 1, frames, kept);
    const second = lstm(dropout(first.h), 2, frames, kept);
    const ends: Tensor = tf.slice(
      tf.reshape(second.h, [2, steps, CLIP_FRAMES, side * hidden]),
      [0, 0, CLIP_FRAMES - 1, 0],
      [2, steps, 1, side * hidden],
    );
    return {
      said: {
        emotion: emotion(tf.reshape(ends, [2, rows, hidden]) as Tensor3D),
        novelty: tf.ones([rows, 1]) as Tensor2D, // z-scored, every clip has a mean square of 1
      },
      memory: carried ? { ...first.memory, ...second.memory } : {},
    };
  }

  return { unroll, step: (x, memory) => unroll(x, x.shape[0], memory) };
}

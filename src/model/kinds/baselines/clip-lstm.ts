import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import type { Tf } from '../../engine.ts';
import { headerSize } from '../../weights.ts';
import {
  type Architecture,
  type BaselineMemory,
  type BaselineNetwork,
  type BaselineTensors,
  CLIP_LENGTH,
  type Dropout,
  NO_DROPOUT,
} from './architecture.ts';
import { createLayers, headShapes, lstmMemory, lstmShapes } from './layers.ts';

const parameters = z.strictObject({
  architecture: z.literal('clip-lstm'),
  hidden: headerSize,
  /** Whether the memory is carried from clip to clip; otherwise each clip starts with zeros. */
  carried: z.boolean(),
});

type ClipLstmConfig = z.infer<typeof parameters>;

/** System A: frames of a clip → two networks of two LSTM layers → the last frame's memory → valence, arousal. */
function createClipLstm(
  tf: Tf,
  weights: BaselineTensors,
  { hidden, carried }: ClipLstmConfig,
): BaselineNetwork {
  const { forModules, lstm, emotion } = createLayers(tf, weights);

  function unroll(x: Tensor2D, streams: number, memory?: BaselineMemory, dropout: Dropout = NO_DROPOUT) {
    const rows = x.shape[0];
    // Without carried memory, every clip is a separate stream.
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
      outputs: {
        emotion: emotion(tf.reshape(ends, [2, rows, hidden]) as Tensor3D),
        novelty: tf.ones([rows, 1]) as Tensor2D, // Every z-scored clip has a mean square of 1.
      },
      memory: carried ? { ...first.memory, ...second.memory } : {},
    };
  }

  return { unroll, step: (x, memory) => unroll(x, x.shape[0], memory) };
}

/** Two networks of LSTM over the frames of each clip, one for each axis: system A. */
export const clipLstm = {
  parameters,
  rows: { length: CLIP_LENGTH, write: writeZScored },
  weightShapes: ({ hidden }) => ({
    ...lstmShapes('lstm-1', 2, CLIP_BANDS, hidden),
    ...lstmShapes('lstm-2', 2, hidden, hidden),
    ...headShapes(2, hidden, false),
  }),
  memoryLengths: ({ carried, hidden }) => (carried ? lstmMemory(2, 2 * hidden) : {}),
  build: createClipLstm,
} satisfies Architecture<ClipLstmConfig>;

/** Below this standard deviation a clip counts as silent, and its row is 0. */
const SMALLEST_SPREAD = 1e-6;

/** The z-scored clip over all frames and bands, which removes its loudness. */
function writeZScored(clip: Float32Array, out: Float32Array, at: number): void {
  let [sum, squares] = [0, 0];
  for (const x of clip) sum += x;
  const mean = sum / clip.length;
  for (const x of clip) squares += (x - mean) ** 2;
  const sd = Math.sqrt(squares / clip.length);
  const scale = sd > SMALLEST_SPREAD ? 1 / sd : 0;
  for (let i = 0; i < clip.length; i++) out[at + i] = (clip[i]! - mean) * scale;
}

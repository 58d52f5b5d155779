import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import type { Tf } from '../../engine.ts';
import { headerSize } from '../../weights.ts';
import {
  type Architecture,
  type BaselineMemory,
  type BaselineNetwork,
  type BaselineTensors,
  type Dropout,
  NO_DROPOUT,
  type Shapes,
  WHOLE_CLIP,
} from './architecture.ts';
import { createLayers, headShapes, lstmMemory, lstmShapes } from './layers.ts';

const parameters = z.strictObject({
  architecture: z.literal('cnn'),
  /** Channels of each block of convolution and pooling. */
  channels: z.tuple([headerSize, headerSize, headerSize]).readonly(),
  /** Width of the dense layer after them. */
  features: headerSize,
  /** Units of the LSTM; 0: no LSTM and no memory. */
  hidden: z.number().int().min(0).max(100_000),
});

type CnnConfig = z.infer<typeof parameters>;

/** Bands left of 128 after a stride of two and three poolings. */
const FEATURE_BANDS = 8;

/** System C: three blocks of convolution and pooling on each clip → dense → LSTM over the steps (optional) → dense. */
function createCnn(tf: Tf, weights: BaselineTensors, { channels, hidden }: CnnConfig): BaselineNetwork {
  const { get, standardize, meanSquare, dense, forModules, lstm, emotion, classes } = createLayers(
    tf,
    weights,
  );

  /** Convolution, ReLU, and 2 × 2 max pooling. */
  function block(x: Tensor4D, name: string, stride: number): Tensor4D {
    const convolved = tf.conv2d(x, get<Tensor4D>(`${name}/kernel`), stride, 'same');
    const active = tf.relu(tf.add(convolved, get(`${name}/bias`)));
    return tf.maxPool(active as Tensor4D, 2, 2, 'valid');
  }

  /** [rows, CLIP_FRAMES, CLIP_BANDS] standardized → [rows, features] */
  function features(z: Tensor3D): Tensor2D {
    const rows = z.shape[0];
    let x: Tensor4D = tf.reshape(z, [rows, CLIP_FRAMES, CLIP_BANDS, 1]);
    x = block(x, 'convolution-1', 2); // [rows, 11, 32, …]
    x = block(x, 'convolution-2', 1); // [rows, 5, 16, …]
    x = block(x, 'convolution-3', 1); // [rows, 2, 8, …]
    const overTime = tf.reshape(tf.mean(x, 1), [rows, FEATURE_BANDS * channels[2]]) as Tensor2D;
    return tf.relu(dense(overTime, 'dense'));
  }

  function unroll(x: Tensor2D, streams: number, memory?: BaselineMemory, dropout: Dropout = NO_DROPOUT) {
    const z: Tensor3D = standardize(tf.reshape(x, [x.shape[0], CLIP_FRAMES, CLIP_BANDS]));
    let last = forModules(dropout(features(z)), 1);
    let after: BaselineMemory = {};
    if (hidden > 0) {
      const { h, memory: next } = lstm(last, 1, x.shape[0] / streams, memory);
      last = dropout(h);
      after = next;
    }
    return {
      outputs: { emotion: emotion(last), classes: classes(last), novelty: meanSquare(z) },
      memory: after,
    };
  }

  return { unroll, step: (x, memory) => unroll(x, x.shape[0], memory) };
}

/** Convolutions over each clip, then an LSTM over the steps: system C; without the LSTM, C's CNN alone. */
export const cnn = {
  parameters,
  rows: WHOLE_CLIP,
  weightShapes,
  memoryLengths: ({ hidden }) => (hidden > 0 ? lstmMemory(1, hidden) : {}),
  build: createCnn,
} satisfies Architecture<CnnConfig>;

function weightShapes({ channels: [a, b, c], features, hidden }: CnnConfig): Shapes {
  return {
    'input/mean': [CLIP_BANDS],
    'input/scale': [CLIP_BANDS],
    'convolution-1/kernel': [5, 5, 1, a],
    'convolution-1/bias': [a],
    'convolution-2/kernel': [3, 3, a, b],
    'convolution-2/bias': [b],
    'convolution-3/kernel': [3, 3, b, c],
    'convolution-3/bias': [c],
    'dense/kernel': [FEATURE_BANDS * c, features],
    'dense/bias': [features],
    ...(hidden > 0 ? lstmShapes('lstm-1', 1, features, hidden) : {}),
    ...headShapes(1, hidden || features, true),
  };
}

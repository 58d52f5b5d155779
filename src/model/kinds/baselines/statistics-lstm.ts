import type { Tensor2D } from '@tensorflow/tfjs-core';
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
} from './architecture.ts';
import { createLayers, headShapes, lstmMemory, lstmShapes } from './layers.ts';

const parameters = z.strictObject({
  architecture: z.literal('statistics-lstm'),
  hidden: headerSize,
  layers: z.union([z.literal(1), z.literal(2)]),
  /** Number of networks without shared weights: 2, one per axis, or 1 that predicts both axes. */
  modules: z.union([z.literal(1), z.literal(2)]),
  /** Whether it also predicts classes. */
  classes: z.boolean(),
});

type StatisticsLstmConfig = z.infer<typeof parameters>;

/** System B, and C's LSTM alone: statistics of each step → one or two LSTM layers over the steps → dense. */
function createStatisticsLstm(
  tf: Tf,
  weights: BaselineTensors,
  { modules, layers, classes: hasClasses }: StatisticsLstmConfig,
): BaselineNetwork {
  const { standardize, meanSquare, forModules, lstm, emotion, classes } = createLayers(tf, weights);

  function unroll(x: Tensor2D, streams: number, memory?: BaselineMemory, dropout: Dropout = NO_DROPOUT) {
    const steps = x.shape[0] / streams;
    const z = standardize(x);
    let { h, memory: after } = lstm(forModules(z, modules), 1, steps, memory);
    if (layers === 2) {
      const second = lstm(dropout(h), 2, steps, memory);
      h = second.h;
      after = { ...after, ...second.memory };
    }
    const last = dropout(h);
    return {
      outputs: {
        emotion: emotion(last),
        novelty: meanSquare(z),
        ...(hasClasses ? { classes: classes(last) } : {}),
      },
      memory: after,
    };
  }

  return { unroll, step: (x, memory) => unroll(x, x.shape[0], memory) };
}

/** LSTM over steps, from means and standard deviations of the bands: system B, and C's LSTM alone. */
export const statisticsLstm = {
  parameters,
  rows: { length: 2 * CLIP_BANDS, write: writeStatistics },
  weightShapes: ({ modules, hidden, layers, classes }) => ({
    'input/mean': [2 * CLIP_BANDS],
    'input/scale': [2 * CLIP_BANDS],
    ...lstmShapes('lstm-1', modules, 2 * CLIP_BANDS, hidden),
    ...(layers === 2 ? lstmShapes('lstm-2', modules, hidden, hidden) : {}),
    ...headShapes(modules, hidden, classes),
  }),
  memoryLengths: ({ layers, modules, hidden }) => lstmMemory(layers, modules * hidden),
  build: createStatisticsLstm,
} satisfies Architecture<StatisticsLstmConfig>;

/** The mean of each band over the frames, then the standard deviation of each. */
function writeStatistics(clip: Float32Array, out: Float32Array, at: number): void {
  for (let band = 0; band < CLIP_BANDS; band++) {
    let [sum, squares] = [0, 0];
    for (let i = band; i < clip.length; i += CLIP_BANDS) sum += clip[i]!;
    const mean = sum / CLIP_FRAMES;
    for (let i = band; i < clip.length; i += CLIP_BANDS) squares += (clip[i]! - mean) ** 2;
    out[at + band] = mean;
    out[at + CLIP_BANDS + band] = Math.sqrt(squares / CLIP_FRAMES);
  }
}

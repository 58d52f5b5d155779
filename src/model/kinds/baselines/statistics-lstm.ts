import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';
import {
  type Dropout,
  NO_DROPOUT,
  type SeedMemory,
  type SeedNetwork,
  type SeedTensors,
} from './architecture.ts';
import { createLayers } from './layers.ts';
import type { StatisticsLstmConfig } from './systems.ts';

/** System B, and C's LSTM alone: statistics of each step → one or two LSTM layers over the steps → dense. */
export function createStatisticsLstm(
  tf: Tf,
  weights: SeedTensors,
  { modules, layers, classes: saysClasses }: StatisticsLstmConfig,
): SeedNetwork {
  const { standardise, meanSquare, forModules, lstm, emotion, classes } = createLayers(tf, weights);

  function unroll(x: Tensor2D, streams: number, memory?: SeedMemory, dropout: Dropout = NO_DROPOUT) {
    const steps = x.shape[0] / streams;
    const z = standardise(x);
    let { h, memory: after } = lstm(forModules(z, modules), 1, steps, memory);
    if (layers === 2) {
      const second = lstm(dropout(h), 2, steps, memory);
      h = second.h;
      after = { ...after, ...second.memory };
    }
    const heard = dropout(h);
    return {
      said: {
        emotion: emotion(heard),
        novelty: meanSquare(z),
        ...(saysClasses ? { classes: classes(heard) } : {}),
      },
      memory: after,
    };
  }

  return { unroll, step: (x, memory) => unroll(x, x.shape[0], memory) };
}

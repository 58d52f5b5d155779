import type { Tf } from '../../engine.ts';
import type { SeedNetwork, SeedTensors } from './architecture.ts';
import { createClipLstm } from './clip-lstm.ts';
import { createCnn } from './cnn.ts';
import { createStatisticsLstm } from './statistics-lstm.ts';
import type { SeedConfig } from './systems.ts';
import { createTransformer } from './transformer.ts';

export function createSeedNetwork(tf: Tf, weights: SeedTensors, config: SeedConfig): SeedNetwork {
  switch (config.architecture) {
    case 'clip-lstm':
      return createClipLstm(tf, weights, config);
    case 'statistics-lstm':
      return createStatisticsLstm(tf, weights, config);
    case 'transformer':
      return createTransformer(tf, weights, config);
    case 'cnn':
      return createCnn(tf, weights, config);
  }
}

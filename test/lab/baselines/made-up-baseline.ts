import { initialBaselineWeights } from '../../../lab/baselines/initial-weights.ts';
import { Random } from '../../../lab/train/random.ts';
import {
  BASELINE_CONFIGS,
  BASELINE_NAMES,
  type BaselineConfig,
  type BaselineName,
} from '../../../src/model/kinds/baselines/systems.ts';
import type { Weights } from '../../../src/model/weights.ts';

/** Small networks of every architecture, because convolutions in plain JavaScript are slow. */
export const SMALL_CONFIGS: Readonly<Record<BaselineName, BaselineConfig>> = {
  'seed-a': { architecture: 'clip-lstm', hidden: 4, carried: false },
  'seed-a-carried': { architecture: 'clip-lstm', hidden: 4, carried: true },
  'seed-b': { architecture: 'statistics-lstm', hidden: 6, layers: 2, modules: 2, classes: false },
  'seed-b-transformer': {
    architecture: 'transformer',
    width: 8,
    layers: 2,
    heads: 2,
    inner: 12,
    past: 5,
  },
  'seed-c': { architecture: 'cnn', channels: [2, 3, 4], features: 8, hidden: 6 },
  cnn: { architecture: 'cnn', channels: [2, 3, 4], features: 8, hidden: 0 },
  lstm: { architecture: 'statistics-lstm', hidden: 6, layers: 1, modules: 1, classes: true },
};

export { BASELINE_CONFIGS, BASELINE_NAMES, type BaselineName };

export function madeUpBaselineWeights(config: BaselineConfig, seed = 3): Weights {
  const inputs = config.architecture === 'statistics-lstm' ? 256 : 128;
  const random = new Random(seed);
  const weights = initialBaselineWeights(
    config,
    {
      mean: Float64Array.from({ length: inputs }, () => random.between(0.5, 1.5)),
      scale: Float64Array.from({ length: inputs }, () => random.between(0.5, 1.5)),
      labelMean: [0.1, 0.2],
    },
    random,
  );
  // Some networks start with constant predictions.
  weights['emotion/kernel']!.values.set(weights['emotion/kernel']!.values.map(() => 0.3 * random.normal()));
  return weights;
}

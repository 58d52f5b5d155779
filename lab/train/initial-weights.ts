import { type NetworkConfig, weightShapes } from '../../src/model/kinds/undertone/network.ts';
import { sizeOf, type Weights } from '../../src/model/weights.ts';
import type { Random } from './random.ts';
import type { Sequence } from './sequence.ts';
import { inputStatistics } from './statistics.ts';

/**
 * Initial weights: Glorot-normal kernels, biases of 0 except for the forget gate, and the measured mean and scale of
 * the inputs. The heads start as the constant predictor, with `labelMean` as its prediction.
 */
export function initialWeights(
  config: NetworkConfig,
  labelMean: readonly [number, number],
  sequences: readonly Sequence[],
  random: Random,
): Weights {
  const weights: Record<string, Weights[string]> = {};
  for (const [name, shape] of Object.entries(weightShapes(config))) {
    weights[name] = {
      shape,
      values: name.endsWith('kernel') ? kernel(shape, random) : new Float32Array(sizeOf(shape)),
    };
  }
  const { mean, scale } = inputStatistics(sequences, config.inputs);
  weights['input/mean']!.values.set(mean);
  weights['input/scale']!.values.set(scale);
  // An open forget gate: the LSTM keeps its memory by default.
  weights['lstm/bias']!.values.fill(1, config.hidden, 2 * config.hidden);
  weights['emotion/bias']!.values.set([...labelMean.map(Math.atanh), -1.4, -1.4]);
  weights['emotion/kernel']!.values.fill(0);
  return weights;
}

/** A Glorot-normal matrix. @param shape [rows, columns] */
export function kernel(shape: readonly number[], random: Random): Float32Array {
  const [rows, columns] = shape as [number, number];
  const sd = Math.sqrt(2 / (rows + columns));
  return Float32Array.from({ length: rows * columns }, () => sd * random.normal());
}

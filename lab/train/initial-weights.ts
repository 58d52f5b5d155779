import type { NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import { weightShapes } from '../../src/model/kinds/undertone/network.ts';
import { sizeOf, type Weights } from '../../src/model/weights.ts';
import type { Random } from './random.ts';
import type { Sequence } from './sequence.ts';

/** Spread under which an input is taken for constant. */
const SMALLEST_SCALE = 1e-3;

/** Weights to begin from: Glorot-normal kernels, zero biases but for the forget gate, inputs as measured. */
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
  const { mean, scale } = measureInputs(sequences, config.inputs);
  weights['input/mean']!.values.set(mean);
  weights['input/scale']!.values.set(scale);
  // Remember by default: the forget gate begins open.
  weights['lstm/bias']!.values.fill(1, config.hidden, 2 * config.hidden);
  // Begin as the constant predictor: what is learned is what the music adds.
  weights['emotion/bias']!.values.set([...labelMean.map(Math.atanh), -1.4, -1.4]);
  weights['emotion/kernel']!.values.fill(0);
  weights['change/kernel']!.values.fill(0);
  return weights;
}

export function kernel(shape: readonly number[], random: Random): Float32Array {
  const [rows, columns] = shape as [number, number];
  const sd = Math.sqrt(2 / (rows + columns));
  return Float32Array.from({ length: rows * columns }, () => sd * random.normal());
}

function measureInputs(
  sequences: readonly Sequence[],
  inputs: number,
): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(inputs);
  const scale = new Float64Array(inputs);
  let rows = 0;
  for (const { summaries, steps } of sequences) {
    rows += steps;
    for (let i = 0; i < summaries.length; i++) mean[i % inputs]! += summaries[i]!;
  }
  for (let i = 0; i < inputs; i++) mean[i]! /= rows;
  for (const { summaries } of sequences) {
    for (let i = 0; i < summaries.length; i++) {
      scale[i % inputs]! += (summaries[i]! - mean[i % inputs]!) ** 2;
    }
  }
  for (let i = 0; i < inputs; i++) scale[i] = Math.max(SMALLEST_SCALE, Math.sqrt(scale[i]! / rows));
  return { mean, scale };
}

import type { BaselineConfig } from '../../src/model/kinds/baselines/systems.ts';
import { baselineShapes } from '../../src/model/kinds/baselines/systems.ts';
import { sizeOf, type Weights } from '../../src/model/weights.ts';
import type { Random } from '../train/random.ts';

/** What is measured on the clips that are learned from. */
export interface Measured {
  /** Mean and spread of each input, as many as `input/mean` has; absent where a network standardises none. */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Valence, arousal. */
  readonly labelMean: readonly [number, number];
}

/** As BERT begins. */
const POSITION_SD = 0.02;

/** Weights to begin from: Glorot-normal kernels, zero biases but for the forget gates, and the mean label. */
export function initialSeedWeights(
  config: BaselineConfig,
  { mean, scale, labelMean }: Measured,
  random: Random,
): Weights {
  const weights = Object.fromEntries(
    Object.entries(baselineShapes(config)).map(([name, shape]) => {
      const values = name.endsWith('kernel') ? kernel(shape, random) : new Float32Array(sizeOf(shape));
      if (/^lstm-.*bias$/.test(name)) openForgetGates(values, shape);
      if (name === 'position/bias') values.set(values.map(() => POSITION_SD * random.normal()));
      return [name, { shape, values }];
    }),
  );
  weights['input/mean']?.values.set(mean);
  weights['input/scale']?.values.set(scale);
  weights['emotion/bias']!.values.set(labelMean);
  // Behind a normalisation, whose numbers have a spread of 1, it would begin by saying anything at all.
  if (config.architecture === 'transformer') weights['emotion/kernel']!.values.fill(0);
  return weights;
}

/** Of a convolution, height and width count to both sides; of several modules each is drawn by itself. */
function kernel(shape: readonly number[], random: Random): Float32Array {
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  const field = shape.length === 4 ? shape[0]! * shape[1]! : 1;
  const sd = Math.sqrt(2 / (field * (inputs + outputs)));
  return Float32Array.from({ length: sizeOf(shape) }, () => sd * random.normal());
}

/** Remember by default. @param shape [modules, 1, 4 · hidden], gates in the order input, forget, output, cell */
function openForgetGates(bias: Float32Array, [, , gates]: readonly number[]): void {
  const hidden = gates! / 4;
  for (let at = hidden; at < bias.length; at += gates!) bias.fill(1, at, at + hidden);
}

import { type BaselineConfig, baselineShapes } from '../../src/model/kinds/baselines/systems.ts';
import { sizeOf, type Weights } from '../../src/model/weights.ts';
import type { Random } from '../train/random.ts';
import { SMALLEST_SCALE } from '../train/statistics.ts';
import type { BaselineExample } from './examples.ts';

/** Statistics of the training clips. */
export interface Measured {
  /** Mean and standard deviation of each input, in the shape of `input/mean`; empty for networks without standardization. */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Valence and arousal. */
  readonly labelMean: readonly [number, number];
}

/** Standard deviation of initial position embeddings, as in BERT. */
const POSITION_SD = 0.02;
/** Only every fourth step of a clip is used, because neighboring steps are similar. */
const STRIDE = 4;

/** Mean and sd of inputs and labels over the training clips, without augmentation. */
export function measure(
  examples: readonly BaselineExample[],
  config: BaselineConfig,
): Measured & { labelVariance: number } {
  const labels = labelMoments(examples);
  // Statistics are standardized one by one, raw clips by band; some networks do not standardize.
  const [width] = baselineShapes(config)['input/mean'] ?? [];
  if (width === undefined) return { ...labels, mean: new Float64Array(0), scale: new Float64Array(0) };
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  const row = new Float32Array(examples[0]!.rowLength);
  let count = 0;
  for (const example of examples) {
    for (let step = 0; step < example.steps; step += STRIDE) {
      example.writeRow(step, row, 0);
      for (let i = 0; i < row.length; i++) {
        sums[i % width]! += row[i]!;
        squares[i % width]! += row[i]! ** 2;
      }
      count += row.length / width;
    }
  }
  const mean = sums.map((sum) => sum / count);
  const scale = squares.map((square, i) =>
    Math.max(SMALLEST_SCALE, Math.sqrt(Math.max(0, square / count - mean[i]! ** 2))),
  );
  return { ...labels, mean, scale };
}

/** Initial weights: Glorot-normal kernels, zero biases except for forget gates, and the mean label as output bias. */
export function initialBaselineWeights(
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
  // After layer normalization (sd 1), random kernels would give random initial predictions.
  if (config.architecture === 'transformer') weights['emotion/kernel']!.values.fill(0);
  return weights;
}

/** Glorot-normal values. Fan-in and fan-out of a convolution include height and width; modules are drawn separately. */
function kernel(shape: readonly number[], random: Random): Float32Array {
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  const field = shape.length === 4 ? shape[0]! * shape[1]! : 1;
  const sd = Math.sqrt(2 / (field * (inputs + outputs)));
  return Float32Array.from({ length: sizeOf(shape) }, () => sd * random.normal());
}

/** Sets the biases of the forget gates to 1. @param shape [modules, 1, 4 · hidden], gates in the order input, forget, output, cell */
function openForgetGates(bias: Float32Array, [, , gates]: readonly number[]): void {
  const hidden = gates! / 4;
  for (let at = hidden; at < bias.length; at += gates!) bias.fill(1, at, at + hidden);
}

function labelMoments(examples: readonly BaselineExample[]) {
  const axis = (offset: number): [mean: number, variance: number] => {
    let [n, sum, squares] = [0, 0, 0];
    for (const { labels } of examples) {
      for (let i = offset; i < labels.length; i += 2) {
        const label = labels[i]!;
        if (Number.isNaN(label)) continue;
        n++;
        sum += label;
        squares += label ** 2;
      }
    }
    const mean = sum / n;
    return [mean, squares / n - mean ** 2];
  };
  const [valence, arousal] = [axis(0), axis(1)];
  return {
    labelMean: [valence[0], arousal[0]] as const,
    labelVariance: Math.max(1e-6, (valence[1] + arousal[1]) / 2),
  };
}

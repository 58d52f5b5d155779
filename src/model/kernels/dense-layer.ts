import type { Weights } from '../weights.ts';
import { type Area, type LayerKernels, roundUp } from './layer-kernels.ts';

/** Columns that the kernel computes at once for a row. */
const PANELS_WIDTH = 32;
const PANEL = 8;

/** A dense layer as the kernel reads it. */
export interface PackedLayer {
  readonly inputs: number;
  /** Outputs, rounded up to what the kernel computes at once; those added are 0. */
  readonly columns: number;
  /** [columns / 8, inputs, 8] */
  readonly weights: Float32Array;
  /** [columns] */
  readonly bias: Float32Array;
}

/**
 * @param kernel [inputs, outputs]
 * @param bias [outputs]
 */
export function packLayer(kernel: Weights[string], bias: Float32Array): PackedLayer {
  const [inputs, outputs] = kernel.shape as [number, number];
  const columns = roundUp(outputs, PANELS_WIDTH);
  const weights = new Float32Array(columns * inputs);
  for (let input = 0; input < inputs; input++) {
    for (let column = 0; column < outputs; column++) {
      const panel = Math.floor(column / PANEL);
      weights[(panel * inputs + input) * PANEL + (column % PANEL)] = kernel.values[input * outputs + column]!;
    }
  }
  const padded = new Float32Array(columns);
  padded.set(bias);
  return { inputs, columns, weights, bias: padded };
}

/** Size of a layer in the kernels' memory, in float32. */
export const sizeOfLayer = ({ weights, bias }: PackedLayer): number => weights.length + bias.length;

/** Computes `rows` rows of a layer from the address `x` to the address `out`. */
export type Dense = (x: number, rows: number, out: number) => void;

/**
 * Puts a layer into the kernels' memory.
 *
 * @param area of `sizeOfLayer`
 * @param least 0: ReLU
 */
export function placeLayer(kernels: LayerKernels, layer: PackedLayer, area: Area, least = -Infinity): Dense {
  const { inputs, columns, weights, bias } = layer;
  area.floats.set(weights);
  area.floats.set(bias, weights.length);
  const biasAt = area.at + Float32Array.BYTES_PER_ELEMENT * weights.length;
  return (x, rows, out) => kernels.dense(x, rows, inputs, area.at, biasAt, columns, least, out);
}

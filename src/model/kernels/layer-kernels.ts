import { instantiate, type Memory } from '../../stream/kernels/instance.ts';
import { LAYERS_WASM } from './layers-wasm.ts';

/** The functions of layers.wat. Pointers are byte addresses in the memory of the same `LayerKernels`. */
export interface LayerFunctions {
  /**
   * A dense layer: out = max(least, bias + x · weights). A row does not depend on how many there are.
   *
   * @param x [rows, inputs] float32
   * @param weights [columns / 8, inputs, 8] float32; columns are a multiple of 32
   * @param bias [columns] float32
   * @param least 0: ReLU; -Infinity: none
   * @param out [rows, columns] float32, filled
   */
  dense(
    x: number,
    rows: number,
    inputs: number,
    weights: number,
    bias: number,
    columns: number,
    least: number,
    out: number,
  ): void;
  /**
   * Gated recurrent units (Cho et al. 2014; as in cuDNN, the reset gate is applied after the product with the memory), to
   * 1e-6.
   *
   * @param input [rows, 3, width] float32: the part of the input in the gates reset, update and candidate
   * @param own [rows, 3, width] that of the memory
   * @param h [rows, width] float32, updated; the width is a multiple of 4
   */
  gru(input: number, own: number, h: number, rows: number, width: number): void;
  /**
   * Units of long short-term memory, to 1e-6.
   *
   * @param gates [rows, 4, width] float32: input, forget, cell, output
   * @param h [rows, width] float32, filled; the width is a multiple of 4
   * @param c [rows, width] float32, updated
   */
  lstm(gates: number, h: number, c: number, rows: number, width: number): void;
  /**
   * Two sums of Gaussians: out[i] = Σ weights[i] · exp(-max(0, squares + added)).
   *
   * @param squares [count] float32, a multiple of 4
   * @param weights [2, count] float32
   * @param out [2] float32, filled
   */
  gaussian(squares: number, count: number, added: number, weights: number, out: number): void;
  /**
   * Softmax attention of one stream's new tokens in one block of the audio transformer CED: 3 heads of 64 numbers, 4 tokens
   * a time. A token sees those of its own time and of the `context` - 1 times before it.
   *
   * @param qkv [4 · times, 3, 3, 64] float32: scaled queries, keys and values of the new tokens; 16-byte aligned
   * @param keys [before + times, 3, 4, 64] float32, of which the kernel fills the new times; `values` likewise
   * @param scores scratch, 4 · (before + times) float32
   * @param out [4 · times, 3, 64] float32, filled
   */
  attend(
    qkv: number,
    times: number,
    keys: number,
    values: number,
    before: number,
    context: number,
    scores: number,
    out: number,
  ): void;
  /** u + u · erf(u) of `count` float32, a multiple of 4, in place. */
  gelu(values: number, count: number): void;
}

/** The kernels with a memory of their own. */
export type LayerKernels = LayerFunctions & Memory;

/** A part of the kernels' memory. */
export interface Area {
  /** Its address. */
  readonly at: number;
  readonly floats: Float32Array;
}

/**
 * The kernels with a memory of the given areas.
 *
 * @param sizes of each area in float32
 */
export function createLayerKernels<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
): { kernels: LayerKernels; areas: Readonly<Record<Name, Area>> } {
  const entries = Object.entries<number>(sizes).map(([name, size]) => ({ name, size: roundUp(size, 4) }));
  const bytes = entries.reduce((sum, { size }) => sum + 4 * size, 0);
  const kernels = instantiate<LayerFunctions>(LAYERS_WASM, bytes);
  let end = 0;
  const areas = entries.map(({ name, size }) => {
    const at = end;
    end += 4 * size;
    return [name, { at, floats: kernels.floats(at, size) }];
  });
  return { kernels, areas: Object.fromEntries(areas) };
}

/** The next multiple of `unit`. */
export const roundUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;

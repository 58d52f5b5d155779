import { KERNELS_WASM } from './kernels-wasm.ts';

/** The functions of kernels.wat. Pointers are byte addresses in the memory of the same `Kernels`. */
export interface KernelFunctions {
  /**
   * Power of each bin of a spectrum that is read between its bins: power[k] = scale · |Σ kernel[k][j] · padded[at[k] + j]|²
   * over 6 neighbors j.
   *
   * @param padded complex float32
   * @param kernel [bins, 6, 2] float32: each weight twice, for the real and the imaginary part
   * @param at [bins] int32: byte offset in `padded` of each bin's first neighbor
   * @param power [bins] float32, filled
   */
  grid(padded: number, kernel: number, at: number, power: number, bins: number, scale: number): void;
  /**
   * Half-band filter and decimation by 2: out[c] = samples[m] / 2 + Σ sides[i] · (samples[m - 2i - 1] + samples[m + 2i + 1])
   * with m = 2 · sideCount - 1 + 2c.
   *
   * @param samples [count] float32; up to 7 more are read
   * @param even scratch, half of `count` and 4 more float32; `odd` likewise
   * @param out [outputs] float32, filled; up to 3 more are written
   */
  halfBand(
    samples: number,
    count: number,
    even: number,
    odd: number,
    sides: number,
    sideCount: number,
    out: number,
    outputs: number,
  ): void;
  /**
   * K-weighting of two channels.
   *
   * @param samples [frames, 2] float32
   * @param coefficients b0, b1, b2, a1, a2 of the shelf and a1, a2 of the high-pass, float64
   * @param state [5, 2] float64: s1, s2, h1, h2 and the energy of each channel; then the energy of their sum. Updated
   */
  kWeightPair(samples: number, frames: number, coefficients: number, state: number): void;
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
  /**
   * Mean, standard deviation, mean absolute change and maximum (at least 0) of each column, summed in float64.
   *
   * @param matrix [rows, columns] float32, rows ≥ 1, columns a multiple of 4
   * @param out [4, columns] float32, filled
   */
  statistics(matrix: number, rows: number, columns: number, out: number): void;
}

/** The kernels with a memory of their own, from which typed arrays can be taken. It never grows: views stay valid. */
export interface Kernels extends KernelFunctions {
  readonly floats: (at: number, length: number) => Float32Array;
  readonly doubles: (at: number, length: number) => Float64Array;
  readonly integers: (at: number, length: number) => Int32Array;
}

/** What is used here of the WebAssembly API, which is not in the types of Node.js. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
const PAGE_BYTES = 65_536;
let module: object | undefined;

/** @param bytes size of the memory */
export function createKernels(bytes: number): Kernels {
  module ??= new wasm.Module(Buffer.from(KERNELS_WASM, 'base64'));
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new wasm.Memory({ initial: pages, maximum: pages });
  const { exports } = new wasm.Instance(module, { env: { memory } });
  const { buffer } = memory;
  return {
    ...(exports as KernelFunctions),
    floats: (at, length) => new Float32Array(buffer, at, length),
    doubles: (at, length) => new Float64Array(buffer, at, length),
    integers: (at, length) => new Int32Array(buffer, at, length),
  };
}

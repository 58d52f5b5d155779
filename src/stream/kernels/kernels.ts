import { instantiate, type Memory } from './instance.ts';
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
  /** out = a · b of `count` float32; up to 3 more are written. */
  multiply(a: number, b: number, out: number, count: number): void;
  /**
   * factor · ln(max(least, offset + scale · Σ weights · power)) of each band, to 2e-7 of the logarithm.
   *
   * @param power float32
   * @param table [bands, 2] int32: byte offset in `power` of a band's first bin, and the bytes of its bins, a multiple of 16
   * @param weights float32 of all bands, one band after the other, each with zeros up to a multiple of 4
   * @param out [bands] float32, filled; bands are a multiple of 4
   * @param least a positive normal float32
   */
  logBands(
    power: number,
    table: number,
    weights: number,
    bands: number,
    out: number,
    scale: number,
    offset: number,
    least: number,
    factor: number,
  ): void;
  /**
   * The roots of a spectrum's magnitudes, folded into pitch classes.
   *
   * @param power [count] float32, a multiple of 4; 0 where there is no bin
   * @param weights [count, 12] float32
   * @param roots scratch [count]
   * @param out [20] float32, filled: the 12 classes; four numbers whose sum is that of the magnitudes, four for the roots
   */
  chroma(power: number, count: number, weights: number, roots: number, out: number): void;
  /** The mean of each 8 neighbors: [count, 8] → [count] float32; `count` is a multiple of 4. */
  means8(values: number, out: number, count: number): void;
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
   * K-weighting of two channels, and their mean.
   *
   * @param samples [frames, 2] float32
   * @param coefficients b0, b1, b2, a1, a2 of the shelf and a1, a2 of the high-pass, float64
   * @param state [5, 2] float64: s1, s2, h1, h2 and the energy of each channel; then the energy of their sum. Updated
   * @param mono [frames] float32, filled with the mean of the samples as they are
   */
  kWeightPair(samples: number, frames: number, coefficients: number, state: number, mono: number): void;
  /**
   * Mean, standard deviation, mean absolute change and maximum (at least 0) of each column, summed in float64.
   *
   * @param matrix [rows, columns] float32, rows ≥ 1, columns a multiple of 4
   * @param out [4, columns] float32, filled
   */
  statistics(matrix: number, rows: number, columns: number, out: number): void;
}

/** The kernels with a memory of their own. */
export type Kernels = KernelFunctions & Memory;

/** @param bytes size of the memory */
export const createKernels = (bytes: number): Kernels => instantiate<KernelFunctions>(KERNELS_WASM, bytes);

import { besselI0 } from './bessel.ts';
import type { FftPlans, RealFft } from './fft.ts';
import { fftSizeAtLeast, isFftSize } from './fft.ts';
import { createKernels } from './kernels/kernels.ts';

/** The wanted spectrum at any source rate: that of an FFT of one window at `referenceRateHz`. */
export interface Grid {
  /** Power is scaled as at this sample rate. */
  readonly referenceRateHz: number;
  /** Length of the Hann window in seconds; the bins are 1/windowSeconds apart. */
  readonly windowSeconds: number;
  /** Number of bins, from 0 Hz on. */
  readonly bins: number;
  /** Number of positions between two samples at which a window may start; each one used is kept as a table. */
  readonly phases: number;
  /**
   * Subtracts the mean, weighted by the Hann window, from every window: a constant offset (DC) of the samples then has
   * no effect. Of the spectrum, only the bins at 0 and 1/windowSeconds change. Default: no.
   */
  readonly withoutOffset?: boolean;
}

/** Taps of the interpolation kernel and minimum oversampling of the FFT: an error of about 1e-5 of the peak. */
const TAPS = 6;
const MIN_OVERSAMPLING = 1.5;

/**
 * Power spectrum of a Hann window on a fixed grid of frequencies, from samples at any rate.
 *
 * This makes a resampler unnecessary: the Fourier transform of a sampled window is a continuous function of
 * frequency, so it can be evaluated at the bins that an FFT after resampling to the reference rate would have. If
 * the window is a whole number of samples that pffft can transform (32 ms: 8, 16, 32, 48, 96, 192 kHz), the FFT bins
 * are the grid. At other rates (11.025, 22.05, 44.1 kHz and odd ones) a zero-padded FFT is interpolated between its
 * bins by Kaiser-Bessel gridding (a type-2 NUFFT: Beatty, Nishimura & Pauly, IEEE TMI 24(6), 2005). The kernel's
 * roll-off is divided out of the window in advance, at no cost.
 *
 * Bins above half the source's rate are 0. There is no state between two calls.
 */
export class GridSpectrum {
  /** [bins] power, refilled by every `compute`. */
  readonly power: Float32Array;
  readonly #fft: RealFft;
  /** Length of the window in samples, often not a whole number. */
  readonly #length: number;
  readonly #phases: number;
  readonly #interpolated: boolean;
  readonly #withoutOffset: boolean;
  readonly #bins: number;
  readonly #scale: number;
  /** Windows by their start between two samples, the phase. */
  readonly #windows = new Map<number, PlacedWindow>();
  readonly #product: Product;
  /** Reads between the bins of the FFT; undefined if those are the grid. */
  readonly #reader: BetweenBins | undefined;

  constructor(plans: FftPlans, sampleRateHz: number, grid: Grid) {
    const { referenceRateHz, windowSeconds, bins, phases, withoutOffset = false } = grid;
    const exact = windowSeconds * sampleRateHz;
    this.#length = exact;
    this.#phases = phases;
    this.#withoutOffset = withoutOffset;
    this.#interpolated = !(Math.abs(exact - Math.round(exact)) < 1e-9 && isFftSize(Math.round(exact)));
    this.#fft = plans.plan(this.#interpolated ? fftSizeAtLeast(exact * MIN_OVERSAMPLING) : Math.round(exact));
    this.#product = createProduct(Math.ceil(exact) + 1);
    this.#bins = Math.min(bins, Math.floor((sampleRateHz / 2) * windowSeconds + 1e-9) + 1);
    this.#scale = (referenceRateHz / sampleRateHz) ** 2;
    this.#reader = this.#interpolated
      ? createBetweenBins({ bins, used: this.#bins, fftSize: this.#fft.size, length: exact })
      : undefined;
    this.power = this.#reader?.power ?? new Float32Array(bins);
  }

  /**
   * Fills `power` from the window that starts `phase` / `grid.phases` of a sample before `samples[from]`.
   * Reads `spanOf(phase)` samples from there.
   */
  compute(samples: Float32Array, from: number, phase: number): void {
    const window = this.#window(phase);
    const { weights, head } = window;
    const { size } = this.#fft;
    const input = this.#fft.input;
    // The middle of the window is at index 0 (cyclically), which makes the interpolation kernel real.
    const span = weights.length;
    const windowed = this.#product(samples.subarray(from, from + span), weights);
    input.set(windowed.subarray(0, head), size - head);
    input.set(windowed.subarray(head));
    input.fill(0, span - head, size - head);
    this.#fft.forward();
    if (this.#reader) this.#readBetweenBins(this.#reader);
    else this.#readBins();
    if (this.#withoutOffset) this.#removeOffset(window);
  }

  /** Number of samples inside a window that starts at this phase. */
  spanOf(phase: number): number {
    return this.#window(phase).weights.length;
  }

  #readBins(): void {
    const { spectrum, size } = this.#fft;
    const { power } = this;
    const scale = this.#scale;
    power[0] = scale * spectrum[0]! * spectrum[0]!;
    const last = Math.min(this.#bins, size / 2);
    for (let k = 1; k < last; k++) {
      const re = spectrum[2 * k]!;
      const im = spectrum[2 * k + 1]!;
      power[k] = scale * (re * re + im * im);
    }
    if (last < this.#bins) power[last] = scale * spectrum[1]! * spectrum[1]!;
  }

  /**
   * Copies the half spectrum with TAPS mirrored bins before 0 Hz and, if needed, past half the rate. Then computes the
   * power of each bin from the TAPS ones around it.
   */
  #readBetweenBins({ padded, compute }: BetweenBins): void {
    const { spectrum, size } = this.#fft;
    const half = size / 2;
    const bins = padded.length / 2 - TAPS;
    const direct = Math.min(bins, half);
    padded.set(spectrum.subarray(2, 2 * direct), 2 * TAPS + 2);
    padded[2 * TAPS] = spectrum[0]!;
    padded[2 * TAPS + 1] = 0;
    for (let m = 1; m <= TAPS; m++) {
      padded[2 * (TAPS - m)] = spectrum[2 * m]!;
      padded[2 * (TAPS - m) + 1] = -spectrum[2 * m + 1]!;
    }
    for (let m = direct; m < bins; m++) {
      const mirrored = size - m;
      padded[2 * (TAPS + m)] = m === half ? spectrum[1]! : spectrum[2 * mirrored]!;
      padded[2 * (TAPS + m) + 1] = m === half ? 0 : -spectrum[2 * mirrored + 1]!;
    }
    compute(this.#scale);
  }

  /**
   * Subtracts the mean in the spectrum, which costs nothing: there it is bin 0 times the spectrum of the Hann window,
   * and that is 0 at all bins but the lowest two.
   */
  #removeOffset({ leakRe, leakIm }: PlacedWindow): void {
    const mean = this.#valueOf(0, 0);
    const re = this.#valueOf(1, 0) - leakRe * mean;
    const im = this.#valueOf(1, 1) - leakIm * mean;
    this.power[0] = 0;
    this.power[1] = this.#scale * (re * re + im * im);
  }

  /** Real (`part` 0) or imaginary part (1) of a bin between the lowest and the highest one; bin 0 is real. */
  #valueOf(bin: number, part: number): number {
    const reader = this.#reader;
    if (!reader) return this.#fft.spectrum[2 * bin + part]!;
    const first = reader.at[bin]! / BYTES;
    let value = 0;
    for (let j = 0; j < TAPS; j++)
      value += reader.kernel[2 * (bin * TAPS + j)]! * reader.padded[first + 2 * j + part]!;
    return value;
  }

  #window(phase: number): PlacedWindow {
    let window = this.#windows.get(phase);
    if (!window) {
      window = placeWindow(this.#length, phase / this.#phases, this.#interpolated ? this.#fft.size : 0);
      this.#windows.set(phase, window);
    }
    return window;
  }
}

interface PlacedWindow {
  /** [span] Hann window at the true times of the samples, divided by the kernel's roll-off if one is used. */
  readonly weights: Float32Array;
  /** How many of them are before the middle of the window. */
  readonly head: number;
  /** Bin 1 of the Hann window itself, relative to its bin 0. */
  readonly leakRe: number;
  readonly leakIm: number;
}

/** The periodic Hann window of `length` samples, sampled from `offset` after its start. */
function placeWindow(length: number, offset: number, fftSize: number): PlacedWindow {
  const span = Math.ceil(length - offset - 1e-9);
  const head = Math.floor(span / 2);
  const beta = fftSize === 0 ? 0 : kernelBeta(fftSize / length);
  const weights = new Float32Array(span);
  let sum = 0;
  let re = 0;
  let im = 0;
  for (let i = 0; i < span; i++) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + offset)) / length);
    const angle = (2 * Math.PI * (i - head)) / length;
    sum += hann;
    re += hann * Math.cos(angle);
    im -= hann * Math.sin(angle);
    weights[i] = fftSize === 0 ? hann : hann / rollOff((i - head) / fftSize, beta);
  }
  return { weights, head, leakRe: re / sum, leakIm: im / sum };
}

/** Beatty et al. 2005, eq. 5. */
function kernelBeta(oversampling: number): number {
  return Math.PI * Math.sqrt((TAPS / oversampling) ** 2 * (oversampling - 0.5) ** 2 - 0.8);
}

/** Transform of the Kaiser-Bessel kernel at `x` cycles per bin (Beatty et al. 2005, eq. 4). */
function rollOff(x: number, beta: number): number {
  const z = Math.sqrt(beta * beta - (Math.PI * TAPS * x) ** 2);
  return Math.sinh(z) / z;
}

const BYTES = 4;

/** Multiplies the numbers of two arrays. The result holds until the next call. */
type Product = (a: Float32Array, b: Float32Array) => Float32Array;

/** Copies in and out of the kernel take half the time of a plain loop. @param most numbers */
function createProduct(most: number): Product {
  const size = Math.ceil(most / 4) * 4;
  const kernels = createKernels(3 * BYTES * size);
  const [a, b, out] = [0, 1, 2].map((i) => kernels.floats(i * BYTES * size, size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return (left, right) => {
    a.set(left);
    b.set(right);
    kernels.multiply(0, BYTES * size, 2 * BYTES * size, left.length);
    return out.subarray(0, left.length);
  };
}

/** Reads a spectrum between its bins, in the memory of the kernel. */
interface BetweenBins {
  /** [needed, 2] complex: TAPS mirrored bins, then those from 0 Hz on. */
  readonly padded: Float32Array;
  /** [used, TAPS, 2] the weights, each twice. */
  readonly kernel: Float32Array;
  /** [used] byte offset in `padded` of the first bin that is read. */
  readonly at: Int32Array;
  /** [bins] filled by `compute`; those that are not used stay 0. */
  readonly power: Float32Array;
  readonly compute: (scale: number) => void;
}

function createBetweenBins({
  bins,
  used,
  fftSize,
  length,
}: {
  readonly bins: number;
  readonly used: number;
  readonly fftSize: number;
  readonly length: number;
}): BetweenBins {
  const beta = kernelBeta(fftSize / length);
  const placeOf = (k: number) => (k * fftSize) / length;
  const firstTapOf = (k: number) => Math.floor(placeOf(k)) - TAPS / 2 + 1;
  const needed = firstTapOf(used - 1) + 2 * TAPS;
  const paddedAt = BYTES * 2 * TAPS * used;
  const atAt = paddedAt + BYTES * 2 * needed;
  const powerAt = atAt + BYTES * used;
  const kernels = createKernels(powerAt + BYTES * bins);
  const kernel = kernels.floats(0, 2 * TAPS * used);
  const at = kernels.integers(atAt, used);
  for (let k = 0; k < used; k++) {
    const firstTap = firstTapOf(k);
    at[k] = BYTES * 2 * (firstTap + TAPS);
    for (let j = 0; j < TAPS; j++) {
      const u = (2 * (placeOf(k) - firstTap - j)) / TAPS;
      const weight = besselI0(beta * Math.sqrt(Math.max(0, 1 - u * u))) / TAPS;
      kernel.fill(weight, 2 * (k * TAPS + j), 2 * (k * TAPS + j + 1));
    }
  }
  return {
    padded: kernels.floats(paddedAt, 2 * needed),
    kernel,
    at,
    power: kernels.floats(powerAt, bins),
    compute: (scale) => kernels.grid(paddedAt, 0, atAt, powerAt, used, scale),
  };
}

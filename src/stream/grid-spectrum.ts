import { besselI0 } from './bessel.ts';
import type { FftPlans, RealFft } from './fft.ts';
import { fftSizeAtLeast, isFftSize } from './fft.ts';

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
   * Subtracts the window-weighted mean from every window: a constant offset (DC) of the samples then has no effect at
   * all. Of the spectrum, only the bins at 0 and 1/windowSeconds change. Default: no.
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
  readonly #kernel: Float64Array;
  readonly #kernelAt: Int32Array;
  readonly #padded: Float32Array;

  constructor(plans: FftPlans, sampleRateHz: number, grid: Grid) {
    const { referenceRateHz, windowSeconds, bins, phases, withoutOffset = false } = grid;
    const exact = windowSeconds * sampleRateHz;
    this.power = new Float32Array(bins);
    this.#length = exact;
    this.#phases = phases;
    this.#withoutOffset = withoutOffset;
    this.#interpolated = !(Math.abs(exact - Math.round(exact)) < 1e-9 && isFftSize(Math.round(exact)));
    this.#fft = plans.plan(this.#interpolated ? fftSizeAtLeast(exact * MIN_OVERSAMPLING) : Math.round(exact));
    this.#bins = Math.min(bins, Math.floor((sampleRateHz / 2) * windowSeconds + 1e-9) + 1);
    this.#scale = (referenceRateHz / sampleRateHz) ** 2;
    const { kernel, at, needed } = this.#interpolated
      ? createKernel(this.#bins, this.#fft.size, exact)
      : { kernel: new Float64Array(0), at: new Int32Array(0), needed: 0 };
    this.#kernel = kernel;
    this.#kernelAt = at;
    this.#padded = new Float32Array(2 * needed);
  }

  /**
   * Fills `power` from the window that starts `phase` / `grid.phases` of a sample before `samples[from]`.
   * Reads `spanOf(phase)` samples from there.
   */
  compute(samples: Float32Array, from: number, phase: number): void {
    const { weights, head, total } = this.#window(phase);
    const { size } = this.#fft;
    const input = this.#fft.input;
    // The middle of the window is at index 0 (cyclically), which makes the interpolation kernel real.
    const span = weights.length;
    input.fill(0, span - head, size - head);
    let sum = 0;
    if (this.#withoutOffset) for (let i = 0; i < span; i++) sum += samples[from + i]! * weights[i]!;
    const mean = sum / total;
    for (let i = 0; i < head; i++) input[size - head + i] = (samples[from + i]! - mean) * weights[i]!;
    for (let i = head; i < span; i++) input[i - head] = (samples[from + i]! - mean) * weights[i]!;
    this.#fft.forward();
    if (this.#interpolated) this.#readBetweenBins();
    else this.#readBins();
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

  #readBetweenBins(): void {
    this.#pad();
    const { power } = this;
    const padded = this.#padded;
    const kernel = this.#kernel;
    const at = this.#kernelAt;
    const scale = this.#scale;
    const bins = this.#bins;
    // TAPS = 6, written out: this loop is a third of the cost of a frame.
    for (let k = 0, w = 0; k < bins; k++, w += 6) {
      const i = at[k]!;
      let weight = kernel[w]!;
      let re = weight * padded[i]!;
      let im = weight * padded[i + 1]!;
      weight = kernel[w + 1]!;
      re += weight * padded[i + 2]!;
      im += weight * padded[i + 3]!;
      weight = kernel[w + 2]!;
      re += weight * padded[i + 4]!;
      im += weight * padded[i + 5]!;
      weight = kernel[w + 3]!;
      re += weight * padded[i + 6]!;
      im += weight * padded[i + 7]!;
      weight = kernel[w + 4]!;
      re += weight * padded[i + 8]!;
      im += weight * padded[i + 9]!;
      weight = kernel[w + 5]!;
      re += weight * padded[i + 10]!;
      im += weight * padded[i + 11]!;
      power[k] = scale * (re * re + im * im);
    }
  }

  /** Copies the half spectrum with TAPS mirrored bins before 0 Hz and, if needed, past half the rate. */
  #pad(): void {
    const { spectrum, size } = this.#fft;
    const padded = this.#padded;
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
  /** Sum of the weights. */
  readonly total: number;
}

/** The periodic Hann window of `length` samples, sampled from `offset` after its start. */
function placeWindow(length: number, offset: number, fftSize: number): PlacedWindow {
  const span = Math.ceil(length - offset - 1e-9);
  const head = Math.floor(span / 2);
  const weights = Float32Array.from({ length: span }, (_, i) => {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + offset)) / length);
    return fftSize === 0 ? hann : hann / rollOff((i - head) / fftSize, kernelBeta(fftSize / length));
  });
  return { weights, head, total: weights.reduce((sum, weight) => sum + weight, 0) };
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

function createKernel(bins: number, fftSize: number, length: number) {
  const beta = kernelBeta(fftSize / length);
  const kernel = new Float64Array(bins * TAPS);
  const at = new Int32Array(bins);
  let needed = 0;
  for (let k = 0; k < bins; k++) {
    const place = (k * fftSize) / length;
    const firstTap = Math.floor(place) - TAPS / 2 + 1;
    at[k] = 2 * (firstTap + TAPS);
    needed = Math.max(needed, firstTap + 2 * TAPS);
    for (let j = 0; j < TAPS; j++) {
      const u = (2 * (place - firstTap - j)) / TAPS;
      kernel[k * TAPS + j] = besselI0(beta * Math.sqrt(Math.max(0, 1 - u * u))) / TAPS;
    }
  }
  return { kernel, at, needed };
}

import type { AudioFormat } from '../types.ts';
import { createKernels } from './kernels/kernels.ts';

/** The filter memories, and the energies of the current block and of the last four. */
export interface LoudnessState {
  readonly samples: number;
  /** [channels, 4]: two direct-form-II-transposed memories for each of the two filters. */
  readonly filters: Float64Array;
  /** [channels + 1] sums of squares since the last block boundary: of each channel, and of the sum of all. */
  readonly open: Float64Array;
  /** [4] weighted mean squares of the last four 100 ms blocks, in ring order. */
  readonly blocks: Float64Array;
}

const BLOCKS = 4;
/** A filter memory below this is set to 0, so that silence does not compute with slow denormal numbers. */
const DENORMAL_GUARD = 1e-25;

/**
 * Momentary loudness in LUFS: K-weighted mean square over the last 400 ms (ITU-R BS.1770-5, annex 1),
 * in blocks of 100 ms counted in samples since the start.
 *
 * No library is used, because the state must be a value that can be saved.
 */
export class Loudness {
  readonly #format: AudioFormat;
  readonly #shelf: Biquad;
  readonly #highPass: Biquad;
  readonly #weights: Float64Array;
  readonly #filters: Float64Array;
  readonly #open: Float64Array;
  readonly #closed: Float64Array;
  /** [samples of a block] the filtered channels of the current piece, added up. */
  readonly #sum: Float64Array;
  readonly #blocks: Float64Array;
  #samples = 0;

  constructor(format: AudioFormat, state?: LoudnessState) {
    const { sampleRateHz, channels } = format;
    this.#format = format;
    this.#shelf = highShelf(sampleRateHz);
    this.#highPass = highPass(sampleRateHz);
    this.#weights = channelWeights(channels);
    this.#samples = state?.samples ?? 0;
    this.#filters = state?.filters.slice() ?? new Float64Array(channels * 4);
    this.#open = state?.open.slice() ?? new Float64Array(channels + 1);
    this.#closed = new Float64Array(channels + 1);
    this.#sum = new Float64Array(channels > 1 ? Math.ceil(sampleRateHz / 10) : 0);
    this.#blocks = state?.blocks.slice() ?? new Float64Array(BLOCKS);
  }

  get state(): LoudnessState {
    return {
      samples: this.#samples,
      filters: this.#filters.slice(),
      open: this.#open.slice(),
      blocks: this.#blocks.slice(),
    };
  }

  /** LUFS over the last four complete blocks; minus infinity for digital silence. */
  get momentary(): number {
    let sum = 0;
    for (const block of this.#blocks) sum += block;
    return -0.691 + 10 * Math.log10(sum / BLOCKS);
  }

  /**
   * [channels + 1] sums of squares of the newest complete block, K-weighted: of each channel, and of the sum of all
   * channels. The next block refills the same array.
   */
  get energies(): Float64Array {
    return this.#closed;
  }

  /** Samples per channel until the current block is complete; at least 1. */
  get untilBlock(): number {
    return this.#blockStart(this.#blockOf(this.#samples) + 1) - this.#samples;
  }

  /**
   * @param samples interleaved, full scale ±1
   * @param mono filled with the mean of both channels from `at` on; of two channels only
   */
  push(samples: Float32Array, mono?: Float32Array, at = 0): void {
    const { channels } = this.#format;
    const frames = samples.length / channels;
    for (let from = 0; from < frames; ) {
      const block = this.#blockOf(this.#samples);
      const end = Math.min(frames, from + this.#blockStart(block + 1) - this.#samples);
      if (channels === 2) this.#filterPair(samples.subarray(from * 2, end * 2), mono, at + from);
      else
        for (let channel = 0; channel < channels; channel++)
          this.#filter(samples, from * channels + channel, end * channels, channel);
      this.#samples += end - from;
      from = end;
      if (this.#samples === this.#blockStart(block + 1)) this.#closeBlock(block);
    }
  }

  /** First sample of block i: ceil(i · rate / 10), so that steps of 500 ms end where blocks end. */
  #blockStart(block: number): number {
    return Math.ceil((block * this.#format.sampleRateHz) / 10);
  }

  #blockOf(sample: number): number {
    const block = Math.floor((sample * 10) / this.#format.sampleRateHz);
    return this.#blockStart(block + 1) <= sample ? block + 1 : block;
  }

  #closeBlock(block: number): void {
    const length = this.#blockStart(block + 1) - this.#blockStart(block);
    let sum = 0;
    for (let c = 0; c < this.#weights.length; c++) sum += (this.#weights[c]! * this.#open[c]!) / length;
    this.#blocks[block % BLOCKS] = sum;
    this.#closed.set(this.#open);
    this.#open.fill(0);
  }

  /** Both channels of stereo in one pass, with SIMD: the results are those of `#filter`, bit by bit. */
  #filterPair(samples: Float32Array, mono: Float32Array | undefined, at: number): void {
    pair ??= createPair();
    const { b0, b1, b2, a1, a2 } = this.#shelf;
    const { a1: c1, a2: c2 } = this.#highPass;
    const { coefficients, state } = pair;
    coefficients[0] = b0;
    coefficients[1] = b1;
    coefficients[2] = b2;
    coefficients[3] = a1;
    coefficients[4] = a2;
    coefficients[5] = c1;
    coefficients[6] = c2;
    for (let c = 0; c < 2; c++) {
      for (let i = 0; i < 4; i++) state[2 * i + c] = this.#filters[4 * c + i]!;
      state[8 + c] = this.#open[c]!;
    }
    state[10] = this.#open[2]!;
    const mean = pair.filter(samples);
    mono?.set(mean, at);
    for (let c = 0; c < 2; c++) {
      for (let i = 0; i < 4; i++) this.#filters[4 * c + i] = flush(state[2 * i + c]!);
      this.#open[c] = state[8 + c]!;
    }
    this.#open[2] = state[10]!;
  }

  #filter(samples: Float32Array, from: number, to: number, channel: number): void {
    const stride = this.#format.channels;
    const { b0, b1, b2, a1, a2 } = this.#shelf;
    const { a1: c1, a2: c2 } = this.#highPass;
    const memory = this.#filters;
    const m = channel * 4;
    let s1 = memory[m]!;
    let s2 = memory[m + 1]!;
    let h1 = memory[m + 2]!;
    let h2 = memory[m + 3]!;
    const sum = this.#sum;
    // Both continue from the last piece, so that the results do not depend on how the samples are cut.
    let energy = this.#open[channel]!;
    let sumEnergy = this.#open[stride]!;
    for (let i = from, j = 0; i < to; i += stride, j++) {
      const x = samples[i]!;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      // The high-pass numerator is 1, -2, 1.
      const z = y + h1;
      h1 = -2 * y - c1 * z + h2;
      h2 = y - c2 * z;
      energy += z * z;
      if (stride === 1) continue;
      const mixed = channel === 0 ? z : sum[j]! + z;
      sum[j] = mixed;
      sumEnergy += mixed * mixed;
    }
    memory[m] = flush(s1);
    memory[m + 1] = flush(s2);
    memory[m + 2] = flush(h1);
    memory[m + 3] = flush(h2);
    this.#open[channel] = energy;
    if (channel === stride - 1) this.#open[stride] = stride === 1 ? energy : sumEnergy;
  }
}

/** The longest block: 100 ms of stereo at 192 kHz. */
const MAX_SAMPLES = 2 * 19_200;
const STATE_AT = 64;
const SAMPLES_AT = 192;
const MONO_AT: number = SAMPLES_AT + 4 * MAX_SAMPLES;

/** One for all streams of the thread: it holds nothing between two calls. */
let pair: ReturnType<typeof createPair> | undefined;

function createPair() {
  const kernels = createKernels(MONO_AT + 2 * MAX_SAMPLES);
  const input = kernels.floats(SAMPLES_AT, MAX_SAMPLES);
  const mono = kernels.floats(MONO_AT, MAX_SAMPLES / 2);
  return {
    /** [7] */
    coefficients: kernels.doubles(0, 7),
    /** [11] */
    state: kernels.doubles(STATE_AT, 11),
    /** Returns the mean of the channels, valid until the next call. */
    filter(samples: Float32Array): Float32Array {
      input.set(samples);
      kernels.kWeightPair(SAMPLES_AT, samples.length / 2, 0, STATE_AT, MONO_AT);
      return mono.subarray(0, samples.length / 2);
    },
  };
}

function flush(value: number): number {
  return Math.abs(value) < DENORMAL_GUARD ? 0 : value;
}

/** Weights: 1.41 (+1.5 dB) for surround channels, 0 for the LFE of 5.1. Order: L R C LFE Ls Rs, or L R C Ls Rs. */
function channelWeights(channels: number): Float64Array {
  if (channels === 5) return Float64Array.of(1, 1, 1, 1.41, 1.41);
  if (channels === 6) return Float64Array.of(1, 1, 1, 0, 1.41, 1.41);
  return new Float64Array(channels).fill(1);
}

interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/**
 * The two filters of BS.1770 at any rate. The standard gives coefficients for 48 kHz only; here its analog
 * parameters (De Man, "Evaluation of implementations of the EBU R128 loudness measurement", AES 145, 2018) go
 * through the bilinear transform. At 48 kHz the result equals the standard's table to 1e-8.
 */
function highShelf(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRateHz);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  };
}

function highPass(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 };
}

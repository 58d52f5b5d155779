import type { MelFrame } from '../types.ts';
import type { FftPlans } from './fft.ts';
import { type Grid, GridSpectrum } from './grid-spectrum.ts';
import { createMelBank, type MelBank, sumBands } from './mel-bands.ts';

export const MEL_BANDS = 96;
/** Distance between two frames: 2/125 s = 16 ms. */
export const HOP_SECONDS = 2 / 125;

/** The samples that later frames still need, and the counts since the start. */
export interface MelState {
  /** Samples received. */
  readonly samples: number;
  /** Frames computed. */
  readonly frames: number;
  /** The newest samples, starting with the first that the next frame needs. */
  readonly pending: Float32Array;
}

/** Length of the Hann window in seconds. */
const WINDOW_SECONDS = 0.032;
/** The 257 bins from 0 to 8 kHz, 31.25 Hz apart, of a 512-point FFT at 16 kHz; the hop is 2/125 s. */
export const MEL_GRID: Grid = {
  referenceRateHz: 16_000,
  windowSeconds: WINDOW_SECONDS,
  bins: 257,
  phases: 125,
  withoutOffset: true,
};
export const MEL_BANK: MelBank = createMelBank(MEL_BANDS, MEL_GRID.bins, 1 / WINDOW_SECONDS, 8000);
/** Longer inputs are processed piece by piece. */
const PIECE_SECONDS = 0.5;

/**
 * Mono samples at any rate → log-mel frames: log10(1 + 10⁴ · power) in 96 Slaney bands from 0 to 8 kHz, 32 ms Hann
 * window, 16 ms hop. Frame j covers the time from 0.016·j to 0.016·j + 0.032 s.
 *
 * This is the mel definition of the pretrained tagger MSD_musicnn (Pons & Serra 2019): at 16 kHz it equals librosa's
 * `melspectrogram(n_fft=512, hop_length=256, n_mels=96, center=False)`, but each window's mean is removed first: sound
 * cards have an offset (DC), which is no sound, and 3 % of full scale moved valence by up to 0.05. At other rates the same spectrum is computed
 * from the source's own samples (see GridSpectrum), so there is no resampler, and the only state is the samples of
 * the frame that is not complete yet.
 */
export class MelFrames {
  readonly #spectrum: GridSpectrum;
  readonly #sampleRateHz: number;
  readonly #buffer: Float32Array;
  readonly #frame: MelFrame = new Float32Array(MEL_BANDS);
  readonly #sums = new Float64Array(MEL_BANDS);
  #filled = 0;
  #samples = 0;
  #frames = 0;

  constructor(plans: FftPlans, sampleRateHz: number, state?: MelState) {
    this.#spectrum = new GridSpectrum(plans, sampleRateHz, MEL_GRID);
    this.#sampleRateHz = sampleRateHz;
    const longest = Math.ceil((WINDOW_SECONDS + PIECE_SECONDS) * sampleRateHz) + 2;
    this.#buffer = new Float32Array(longest);
    if (!state) return;
    this.#samples = state.samples;
    this.#frames = state.frames;
    this.#filled = state.pending.length;
    this.#buffer.set(state.pending);
  }

  get state(): MelState {
    return {
      samples: this.#samples,
      frames: this.#frames,
      pending: this.#buffer.slice(0, this.#filled),
    };
  }

  /** Calls `onFrame` for each frame that the samples complete. The frame's array is reused: copy it. */
  push(mono: Float32Array, onFrame: (frame: MelFrame) => void): void {
    for (let at = 0; at < mono.length; ) {
      const take = Math.min(mono.length - at, this.#buffer.length - this.#filled);
      this.#buffer.set(take === mono.length ? mono : mono.subarray(at, at + take), this.#filled);
      this.#filled += take;
      this.#samples += take;
      at += take;
      this.#drain(onFrame);
    }
  }

  #drain(onFrame: (frame: MelFrame) => void): void {
    const bufferStart = this.#samples - this.#filled;
    let from = this.#firstSample() - bufferStart;
    while (true) {
      const phase = this.#phase();
      if (from + this.#spectrum.spanOf(phase) > this.#filled) break;
      this.#spectrum.compute(this.#buffer, from, phase);
      this.#reduce();
      onFrame(this.#frame);
      this.#frames++;
      from = this.#firstSample() - bufferStart;
    }
    // If the hop is longer than the pending samples, `from` is after the newest one.
    const drop = Math.min(from, this.#filled);
    this.#buffer.copyWithin(0, drop, this.#filled);
    this.#filled -= drop;
  }

  /** Index of the first sample at or after the start of the next frame: ceil(frames · 2 · rate / 125). */
  #firstSample(): number {
    return Math.ceil((this.#frames * 2 * this.#sampleRateHz) / 125);
  }

  /** Distance of that sample from the frame's start, in 1/125 of a sample. */
  #phase(): number {
    return this.#firstSample() * 125 - this.#frames * 2 * this.#sampleRateHz;
  }

  #reduce(): void {
    const sums = this.#sums;
    sumBands(MEL_BANK, this.#spectrum.power, sums);
    for (let b = 0; b < MEL_BANDS; b++) this.#frame[b] = Math.log10(1 + 1e4 * sums[b]!);
  }
}

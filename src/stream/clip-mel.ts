import { STEP_SECONDS } from '../types.ts';
import type { FftPlans } from './fft.ts';
import type { Grid, GridSpectrum } from './grid-spectrum.ts';
import { createMelBank, type MelBank, sumBands } from './mel-bands.ts';
import { sharedSpectrum } from './shared-spectrum.ts';

export const CLIP_FRAMES = 44;
export const CLIP_BANDS = 128;

const REFERENCE_RATE_HZ = 44_100;
const FFT_SIZE = 2048;
const HOP = 512;

/** Seconds from the middle of one frame to the middle of the next; the first is at the step's start. */
export const CLIP_HOP_SECONDS = HOP / REFERENCE_RATE_HZ;
export const CLIP_GRID: Grid = {
  referenceRateHz: REFERENCE_RATE_HZ,
  windowSeconds: FFT_SIZE / REFERENCE_RATE_HZ,
  bins: FFT_SIZE / 2 + 1,
  phases: REFERENCE_RATE_HZ,
};
export const CLIP_BANK: MelBank = createMelBank(
  CLIP_BANDS,
  CLIP_GRID.bins,
  REFERENCE_RATE_HZ / FFT_SIZE,
  REFERENCE_RATE_HZ / 2,
);

/** The frames of the current step so far, and the samples that its later frames need. */
export interface StepClipsState {
  /** Samples of the current step. */
  readonly samples: number;
  /** [n, CLIP_BANDS] */
  readonly frames: Float32Array;
  /** The newest samples, starting with the first that the next frame needs; 0 before the step's start. */
  readonly pending: Float32Array;
}

/**
 * The half-second clip that the baselines take as input: mono samples of one step at any rate → [CLIP_FRAMES,
 * CLIP_BANDS] ln(1 + mel power). At 44.1 kHz it equals numpy's log1p of librosa's `melspectrogram(y, sr=44100,
 * n_fft=2048, hop_length=512, n_mels=128, center=True, pad_mode='constant')` of the step's 22,050 samples,
 * transposed, with zeros outside the step. At other rates the same spectrum is computed from the source's own samples
 * (see GridSpectrum), timed from the step's first one.
 *
 * Frames are computed as their samples arrive, so that only the last three are left at the end of a step.
 */
export class StepClips {
  readonly #spectrum: GridSpectrum;
  readonly #sampleRateHz: number;
  /** Half a window of zeros, the samples of the current step, half a window of zeros. */
  readonly #buffer: Float32Array;
  readonly #lead: number;
  readonly #open = new Float32Array(CLIP_FRAMES * CLIP_BANDS);
  readonly #clip = new Float32Array(CLIP_FRAMES * CLIP_BANDS);
  readonly #sums = new Float64Array(CLIP_BANDS);
  #samples = 0;
  #frames = 0;

  constructor(plans: FftPlans, sampleRateHz: number, state?: StepClipsState) {
    this.#spectrum = sharedSpectrum(plans, sampleRateHz, CLIP_GRID);
    this.#sampleRateHz = sampleRateHz;
    this.#lead = Math.ceil((FFT_SIZE / 2) * (sampleRateHz / REFERENCE_RATE_HZ));
    this.#buffer = new Float32Array(2 * this.#lead + Math.ceil(STEP_SECONDS * sampleRateHz));
    if (!state) return;
    this.#samples = state.samples;
    this.#frames = state.frames.length / CLIP_BANDS;
    this.#open.set(state.frames);
    this.#buffer.set(state.pending, this.#lead + state.samples - state.pending.length);
  }

  get state(): StepClipsState {
    return {
      samples: this.#samples,
      frames: this.#open.slice(0, this.#frames * CLIP_BANDS),
      pending: this.#buffer.slice(this.#firstSample(), this.#lead + this.#samples),
    };
  }

  /** Adds samples of the current step; they must not extend beyond it. */
  push(mono: Float32Array): void {
    this.#buffer.set(mono, this.#lead + this.#samples);
    if (this.#samples === 0) this.#buffer[this.#lead]! *= firstWeight(0, this.#sampleRateHz);
    this.#samples += mono.length;
    this.#computeFrames(this.#lead + this.#samples);
  }

  /** Ends the step and returns its clip. The next call refills the same array. */
  end(): Float32Array {
    const end = this.#lead + this.#samples;
    this.#buffer[end - 1]! *= lastWeight((this.#samples - 1) / this.#sampleRateHz, this.#sampleRateHz);
    this.#buffer.fill(0, end);
    this.#computeFrames(this.#buffer.length);
    this.#clip.set(this.#open);
    this.#samples = 0;
    this.#frames = 0;
    return this.#clip;
  }

  /** Computes all frames whose window ends before `end` in the buffer. */
  #computeFrames(end: number): void {
    for (; this.#frames < CLIP_FRAMES; this.#frames++) {
      const from = this.#firstSample();
      const phase = from * REFERENCE_RATE_HZ - this.#start();
      if (from + this.#spectrum.spanOf(phase) > end) return;
      this.#spectrum.compute(this.#buffer, from, phase);
      sumBands(CLIP_BANK, this.#spectrum.power, this.#sums);
      writeClipFrame(this.#sums, this.#open, this.#frames * CLIP_BANDS);
    }
  }

  /** The start of the next frame's window in the buffer, in 1/44,100 of a sample; always a whole number. */
  #start(): number {
    const fromStep = (this.#frames * HOP - FFT_SIZE / 2) * this.#sampleRateHz;
    return this.#lead * REFERENCE_RATE_HZ + fromStep;
  }

  /** The first sample in that window. */
  #firstSample(): number {
    return Math.ceil(this.#start() / REFERENCE_RATE_HZ);
  }
}

/** Writes one frame to `clip` from `at` on: ln(1 + power) of each band. */
export function writeClipFrame(power: Float64Array, clip: Float32Array, at: number): void {
  for (let b = 0; b < CLIP_BANDS; b++) clip[at + b] = Math.log(1 + power[b]!);
}

/*
 * If a window is cut by the start or end of the step, the sum over its samples approximates an integral that ends
 * half a sample before the first or after the last one, and half a sample is longer at lower rates. These weights of
 * the outermost samples make the integral end where it does at 44.1 kHz, where they are 1. Without them the two
 * outermost frames at each end would differ by some hundredths.
 */

/** @param seconds of the step's first sample since the step's start */
export function firstWeight(seconds: number, sampleRateHz: number): number {
  return 0.5 + (seconds + 0.5 / REFERENCE_RATE_HZ) * sampleRateHz;
}

/** @param seconds of the step's last sample since the step's start */
export function lastWeight(seconds: number, sampleRateHz: number): number {
  return 0.5 + (STEP_SECONDS - seconds - 0.5 / REFERENCE_RATE_HZ) * sampleRateHz;
}

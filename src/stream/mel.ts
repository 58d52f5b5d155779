import type { MelFrame } from '../types.ts';
import type { FftPlans } from './fft.ts';
import { GridFrames, type GridFramesState } from './grid-frames.ts';
import type { Grid } from './grid-spectrum.ts';
import { createLogBands, createMelBank, type MelBank } from './mel-bands.ts';

export const MEL_BANDS = 96;
/** Distance between two frames: 2/125 s = 16 ms. */
export const HOP_SECONDS = 2 / 125;

/** The samples that later frames still need, and the counts since the start. */
export type MelState = GridFramesState;

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

/** log10(1 + 10⁴ · power) of each band. One for all streams of the thread. */
const logBands = createLogBands(MEL_BANK, MEL_GRID.bins, {
  scale: 1e4,
  offset: 1,
  least: 1,
  factor: Math.LOG10E,
});

/**
 * Mono samples at any rate → log-mel frames: log10(1 + 10⁴ · power) in 96 Slaney bands from 0 to 8 kHz, 32 ms Hann
 * window, 16 ms hop. Frame j covers the time from 0.016·j to 0.016·j + 0.032 s.
 *
 * This is the mel definition of the music tagger MSD_musicnn (Pons & Serra 2019): at 16 kHz it equals librosa's
 * `melspectrogram(n_fft=512, hop_length=256, n_mels=96, center=False)` but for the lowest two bands (up to 94 Hz),
 * because each window first loses its mean, weighted by the Hann window: an offset (DC), as sound cards have, is no
 * sound. At other rates the same spectrum is computed from the source's own samples (see GridSpectrum), so there is no
 * resampler, and the only state is the samples of the frame that is not complete yet.
 */
export class MelFrames {
  readonly #spectra: GridFrames;
  #onFrame: (frame: MelFrame) => void = () => {};

  constructor(plans: FftPlans, sampleRateHz: number, state?: MelState) {
    this.#spectra = new GridFrames(plans, sampleRateHz, { grid: MEL_GRID, hop: 2 * sampleRateHz }, state);
  }

  get state(): MelState {
    return this.#spectra.state;
  }

  /** Calls `onFrame` for each frame that the samples complete. The frame's array is reused: copy it. */
  push(mono: Float32Array, onFrame: (frame: MelFrame) => void): void {
    this.#onFrame = onFrame;
    this.#spectra.push(mono, this.#onPower);
  }

  readonly #onPower = (power: Float32Array): void => this.#onFrame(logBands(power));
}

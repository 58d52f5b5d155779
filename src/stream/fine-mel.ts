import type { FineMelWindow } from '../types.ts';
import type { FftPlans } from './fft.ts';
import { GridFrames, type GridFramesState } from './grid-frames.ts';
import type { Grid } from './grid-spectrum.ts';
import { createHtkBank, createLogBands } from './mel-bands.ts';

export const FINE_BANDS = 64;
/** 304 frames of 10 ms: the newest 3.04 s, 19 patches of 16 frames. */
export const FINE_FRAMES = 304;

/** The 257 bins from 0 to 8 kHz of a 512-point FFT at 16 kHz; the hop is 1/100 s. */
const FINE_GRID: Grid = {
  referenceRateHz: 16_000,
  windowSeconds: 0.032,
  bins: 257,
  phases: 100,
  withoutOffset: true,
};
/** 10 · log10(max(power, 10⁻¹⁰)) of each band. One for all streams of the thread. */
const logBands = createLogBands(createHtkBank(FINE_BANDS, FINE_GRID.bins, 31.25, 8000), FINE_GRID.bins, {
  scale: 1,
  offset: 0,
  least: 1e-10,
  factor: 10 * Math.LOG10E,
});
const RING_SIZE = FINE_FRAMES * FINE_BANDS;

export interface FineMelState {
  readonly spectrum: GridFramesState;
  /** Frames since the stream began. */
  readonly frames: number;
  /** Those of them that belong to the current step. */
  readonly newFrames: number;
  /** [n, FINE_BANDS] the newest frames, oldest first. */
  readonly ring: Float32Array;
}

/**
 * Mono samples at any rate → mel frames in dB, the input of the audio transformer CED: 10 · log10(max(power, 10⁻¹⁰)) in
 * 64 HTK bands from 0 to 8 kHz, 32 ms Hann window, 10 ms hop. Frame j covers the time from 0.01·j to 0.01·j + 0.032 s,
 * so that none looks ahead. At 16 kHz it equals torchaudio's `MelSpectrogram(n_fft=512, hop_length=160, n_mels=64,
 * center=False)` in dB, except that each window's mean is removed first, which changes the two lowest bands; at other rates
 * the same spectrum is computed from the source's own samples (see GridSpectrum).
 *
 * It keeps the newest FINE_FRAMES of them.
 */
export class FineMel {
  readonly #spectra: GridFrames;
  /**
   * [2 · FINE_FRAMES, FINE_BANDS]: frame j is in row j mod FINE_FRAMES, and again FINE_FRAMES rows below, so that the newest
   * FINE_FRAMES are always one behind the other.
   */
  readonly #ring = new Float32Array(2 * RING_SIZE);
  #frames: number;
  #newFrames: number;

  /**
   * @param state the saved state to continue from
   * @param sameFormat false: the state is of audio in another format, of which the finished frames remain
   */
  constructor(plans: FftPlans, sampleRateHz: number, state?: FineMelState, sameFormat = true) {
    const times = { grid: FINE_GRID, hop: sampleRateHz };
    this.#spectra = new GridFrames(plans, sampleRateHz, times, sameFormat ? state?.spectrum : undefined);
    this.#frames = state?.frames ?? 0;
    this.#newFrames = sameFormat ? (state?.newFrames ?? 0) : 0;
    const kept = state ? state.ring.length / FINE_BANDS : 0;
    for (let i = 0; i < kept; i++) {
      const at = ((this.#frames - kept + i) % FINE_FRAMES) * FINE_BANDS;
      const frame = state!.ring.subarray(i * FINE_BANDS, (i + 1) * FINE_BANDS);
      this.#ring.set(frame, at);
      this.#ring.set(frame, at + RING_SIZE);
    }
  }

  get state(): FineMelState {
    const kept = Math.min(this.#frames, FINE_FRAMES);
    return {
      spectrum: this.#spectra.state,
      frames: this.#frames,
      newFrames: this.#newFrames,
      ring: this.window.mel.slice((FINE_FRAMES - kept) * FINE_BANDS),
    };
  }

  push(mono: Float32Array): void {
    this.#spectra.push(mono, this.#onPower);
  }

  /** The newest frames, and those of them that are new in this step so far. Its array is valid until the next `push`. */
  get window(): FineMelWindow {
    const oldest = (this.#frames % FINE_FRAMES) * FINE_BANDS;
    const mel = this.#ring.subarray(oldest, oldest + RING_SIZE);
    return { mel, frames: this.#frames, newFrames: this.#newFrames };
  }

  /** Ends the step. */
  end(): FineMelWindow {
    const { window } = this;
    this.#newFrames = 0;
    return window;
  }

  readonly #onPower = (power: Float32Array): void => {
    const at = (this.#frames % FINE_FRAMES) * FINE_BANDS;
    this.#ring.set(logBands(power), at);
    this.#ring.copyWithin(at + RING_SIZE, at, at + FINE_BANDS);
    this.#frames++;
    this.#newFrames++;
  };
}

import type { FineMelWindow } from '../types.ts';
import type { FftPlans } from './fft.ts';
import { GridFrames, type GridFramesState } from './grid-frames.ts';
import type { Grid } from './grid-spectrum.ts';
import { createHtkBank, type MelBank, sumBands } from './mel-bands.ts';

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
const FINE_BANK: MelBank = createHtkBank(FINE_BANDS, FINE_GRID.bins, 31.25, 8000);
const LEAST_POWER = 1e-10;

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
  /** [FINE_FRAMES, FINE_BANDS]: frame j is in row j mod FINE_FRAMES. */
  readonly #ring = new Float32Array(FINE_FRAMES * FINE_BANDS);
  readonly #ordered = new Float32Array(FINE_FRAMES * FINE_BANDS);
  readonly #sums = new Float64Array(FINE_BANDS);
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
      const row = (this.#frames - kept + i) % FINE_FRAMES;
      this.#ring.set(state!.ring.subarray(i * FINE_BANDS, (i + 1) * FINE_BANDS), row * FINE_BANDS);
    }
  }

  get state(): FineMelState {
    const kept = Math.min(this.#frames, FINE_FRAMES);
    this.#order();
    return {
      spectrum: this.#spectra.state,
      frames: this.#frames,
      newFrames: this.#newFrames,
      ring: this.#ordered.slice((FINE_FRAMES - kept) * FINE_BANDS),
    };
  }

  push(mono: Float32Array): void {
    this.#spectra.push(mono, this.#onPower);
  }

  /** Ends the step. The next call refills the same array. */
  end(): FineMelWindow {
    this.#order();
    const newFrames = this.#newFrames;
    this.#newFrames = 0;
    return { mel: this.#ordered, frames: this.#frames, newFrames };
  }

  readonly #onPower = (power: Float32Array): void => {
    const sums = this.#sums;
    sumBands(FINE_BANK, power, sums);
    const at = (this.#frames % FINE_FRAMES) * FINE_BANDS;
    for (let b = 0; b < FINE_BANDS; b++) {
      this.#ring[at + b] = 10 * Math.log10(Math.max(sums[b]!, LEAST_POWER));
    }
    this.#frames++;
    this.#newFrames++;
  };

  /** Copies the ring, oldest frame first; rows from before the stream began are 0. */
  #order(): void {
    const oldest = (this.#frames % FINE_FRAMES) * FINE_BANDS;
    this.#ordered.set(this.#ring.subarray(oldest));
    this.#ordered.set(this.#ring.subarray(0, oldest), this.#ring.length - oldest);
  }
}

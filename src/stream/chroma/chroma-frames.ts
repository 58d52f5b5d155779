import type { FftPlans } from '../fft.ts';
import { GridFrames, type GridFramesState } from '../grid-frames.ts';
import { Decimator, type DecimatorState, halvings } from './decimator.ts';

export const PITCH_CLASSES = 12;
/** Distance between two frames: 8 in a step. */
export const CHROMA_HOP_SECONDS = 1 / 16;

const LOWEST_HZ = 55;
const HIGHEST_HZ = 2200;
const WINDOW_SECONDS = 0.512;
/** Frames end this long before a multiple of the hop, because the decimator looks ahead. */
const LAG_SECONDS = 0.004;
/** The least rate after the decimation: leaves room for its filters above HIGHEST_HZ. */
const LEAST_RATE_HZ = 5500;
/** Units of 0.5 ms, in which hop, window and lag are whole numbers. */
const UNITS_PER_SECOND = 2000;
const FIRST_BIN = Math.ceil(LOWEST_HZ * WINDOW_SECONDS);
const LAST_BIN = Math.floor(HIGHEST_HZ * WINDOW_SECONDS);
/** Standard deviation of a pitch class, in semitones. */
const WIDTH = 0.25;
/** Sums of the root of the magnitude below this are digital silence. */
const SILENCE = 1e-3;

export interface ChromaFramesState {
  readonly decimator: DecimatorState;
  readonly spectrum: GridFramesState;
}

/**
 * Receives each frame that contains sound.
 *
 * @param chroma [PITCH_CLASSES] from C on, sum 1; reused, copy it
 * @param peakedness how peaked the spectrum is: ln of its mean magnitude over the squared mean of the root of the
 *   magnitude; 0 for a flat spectrum
 */
export type OnChroma = (chroma: Float64Array, peakedness: number) => void;

/**
 * Mono samples at any rate → chroma every 62.5 ms, from 55 to 2,200 Hz: the root of the magnitude of a Hann window of
 * 512 ms (as an 8,192-point FFT at 16 kHz has it, from fewer samples: see Decimator), folded into pitch classes with a
 * Gaussian of 0.25 semitones around each. Frame j ends 4 ms before 0.0625 · (j + 1) s; before the first sample there are zeros.
 */
export class ChromaFrames {
  readonly #decimator: Decimator;
  readonly #spectra: GridFrames;
  readonly #chroma = new Float64Array(PITCH_CLASSES);
  readonly #onChroma: OnChroma;

  constructor(plans: FftPlans, sampleRateHz: number, onChroma: OnChroma, state?: ChromaFramesState) {
    const stages = halvings(sampleRateHz, LEAST_RATE_HZ);
    const times = {
      grid: {
        referenceRateHz: 16_000,
        windowSeconds: WINDOW_SECONDS,
        bins: LAST_BIN + 1,
        phases: UNITS_PER_SECOND * 2 ** stages,
      },
      // One unit of 0.5 ms is sampleRateHz / phases samples.
      hop: unitsIn(CHROMA_HOP_SECONDS) * sampleRateHz,
      offset: unitsIn(CHROMA_HOP_SECONDS - LAG_SECONDS - WINDOW_SECONDS) * sampleRateHz,
    };
    this.#decimator = new Decimator(sampleRateHz, stages, HIGHEST_HZ, state?.decimator);
    this.#spectra = new GridFrames(plans, sampleRateHz / 2 ** stages, times, state?.spectrum);
    this.#onChroma = onChroma;
  }

  get state(): ChromaFramesState {
    return { decimator: this.#decimator.state, spectrum: this.#spectra.state };
  }

  push(mono: Float32Array): void {
    this.#decimator.push(mono, this.#onSamples);
  }

  readonly #onSamples = (samples: Float32Array): void => this.#spectra.push(samples, this.#onPower);

  readonly #onPower = (power: Float32Array): void => {
    const chroma = this.#chroma.fill(0);
    let magnitudes = 0;
    let roots = 0;
    for (let k = FIRST_BIN, i = 0; k <= LAST_BIN; k++, i++) {
      const magnitude = Math.sqrt(power[k]!);
      const root = Math.sqrt(magnitude);
      magnitudes += magnitude;
      roots += root;
      chroma[FOLD.below[i]!]! += FOLD.belowWeight[i]! * root;
      chroma[FOLD.above[i]!]! += FOLD.aboveWeight[i]! * root;
    }
    if (roots < SILENCE) return;
    let sum = 0;
    for (let c = 0; c < PITCH_CLASSES; c++) sum += chroma[c]!;
    for (let c = 0; c < PITCH_CLASSES; c++) chroma[c]! /= sum;
    this.#onChroma(chroma, Math.log((magnitudes * FOLD.bins) / (roots * roots)));
  };
}

function unitsIn(seconds: number): number {
  return Math.round(seconds * UNITS_PER_SECOND);
}

/** The two pitch classes around each bin, and their weights. Others are 4 standard deviations away. */
const FOLD = createFold();

function createFold() {
  const bins = LAST_BIN - FIRST_BIN + 1;
  const below = new Int32Array(bins);
  const above = new Int32Array(bins);
  const belowWeight = new Float64Array(bins);
  const aboveWeight = new Float64Array(bins);
  const weight = (semitones: number) => Math.exp(-0.5 * (semitones / WIDTH) ** 2);
  for (let i = 0; i < bins; i++) {
    const pitch = 69 + 12 * Math.log2((FIRST_BIN + i) / WINDOW_SECONDS / 440); // MIDI: C is a multiple of 12
    const floor = Math.floor(pitch);
    below[i] = floor % PITCH_CLASSES;
    above[i] = (floor + 1) % PITCH_CLASSES;
    belowWeight[i] = weight(pitch - floor);
    aboveWeight[i] = weight(floor + 1 - pitch);
  }
  return { bins, below, above, belowWeight, aboveWeight };
}

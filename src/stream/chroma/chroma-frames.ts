import type { FftPlans } from '../fft.ts';
import { GridFrames, type GridFramesState } from '../grid-frames.ts';
import { createKernels } from '../kernels/kernels.ts';
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
    const { classes, magnitudes, roots } = fold(power);
    const root = sumOf(roots);
    if (root < SILENCE) return;
    const chroma = this.#chroma;
    const sum = sumOf(classes);
    for (let c = 0; c < PITCH_CLASSES; c++) chroma[c] = classes[c]! / sum;
    this.#onChroma(chroma, Math.log((sumOf(magnitudes) * BINS) / (root * root)));
  };
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

function unitsIn(seconds: number): number {
  return Math.round(seconds * UNITS_PER_SECOND);
}

const BINS = LAST_BIN - FIRST_BIN + 1;

/** One for all streams of the thread: it holds nothing between two calls. */
const fold = createFold();

/**
 * Folds the roots of the magnitudes into pitch classes: each bin counts in the two classes around it, as others are 4
 * standard deviations away. The result holds until the next call.
 */
function createFold() {
  const count = Math.ceil(BINS / 4) * 4;
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  const [weightsAt, rootsAt] = [bytes * count, bytes * count * (1 + PITCH_CLASSES)];
  const outAt = rootsAt + bytes * count;
  const kernels = createKernels(outAt + bytes * (PITCH_CLASSES + 8));
  const input = kernels.floats(0, BINS);
  const weights = kernels.floats(weightsAt, count * PITCH_CLASSES);
  const weight = (semitones: number) => Math.exp(-0.5 * (semitones / WIDTH) ** 2);
  for (let i = 0; i < BINS; i++) {
    const pitch = 69 + 12 * Math.log2((FIRST_BIN + i) / WINDOW_SECONDS / 440); // MIDI: C is a multiple of 12
    const floor = Math.floor(pitch);
    weights[i * PITCH_CLASSES + (floor % PITCH_CLASSES)] = weight(pitch - floor);
    weights[i * PITCH_CLASSES + ((floor + 1) % PITCH_CLASSES)] = weight(floor + 1 - pitch);
  }
  const result = {
    /** [PITCH_CLASSES] */
    classes: kernels.floats(outAt, PITCH_CLASSES),
    /** Their sum is that of the magnitudes; `roots` likewise. */
    magnitudes: kernels.floats(outAt + bytes * PITCH_CLASSES, 4),
    roots: kernels.floats(outAt + bytes * (PITCH_CLASSES + 4), 4),
  };
  return (power: Float32Array) => {
    input.set(power.subarray(FIRST_BIN));
    kernels.chroma(0, count, weightsAt, rootsAt, outAt);
    return result;
  };
}

import type { FftPlans } from '../fft.ts';
import { CHROMA_HOP_SECONDS, ChromaFrames, type ChromaFramesState, PITCH_CLASSES } from './chroma-frames.ts';
import { type BestKeys, findKeys } from './keys.ts';

/** Time constants of the means of the chroma. */
const MEAN_SECONDS = [2, 6] as const;
const FLUX_SECONDS = 2;
/** Of each mean: five numbers, then its values from the tonic of three keys on. */
const FEATURES_OF_A_MEAN = 5 + 3 * PITCH_CLASSES;
/** Number of features: those of two means, the flux, how peaked the newest spectrum is. */
export const HARMONY_FEATURES: number = MEAN_SECONDS.length * FEATURES_OF_A_MEAN + 2;

/** Where the parts of `Memory` are: the newest chroma, the means, the flux, the peakedness. */
const MEANS = PITCH_CLASSES;
const FLUX: number = MEANS + MEAN_SECONDS.length * PITCH_CLASSES;
const PEAKEDNESS: number = FLUX + 1;

export interface HarmonyState {
  readonly chroma: ChromaFramesState;
  /** Frames with sound since the stream began. */
  readonly frames: number;
  /** [newest chroma, means, flux, peakedness] */
  readonly memory: Float64Array;
}

/**
 * Harmony of the last seconds, causal: 84 numbers from the leaky means of the chroma over 2 s and 6 s. Of each mean: the
 * best correlation with the 12 major keys, with the 12 minor keys, their difference, the entropy (1 for a flat chroma),
 * the maximum, and its 12 values from the tonic of the best key, of the best major key and of the best minor key on.
 * Then the flux (half the summed change from chroma to chroma, leaky mean over 2 s; 0 … 1), and the peakedness.
 *
 * All are independent of the level. During digital silence they do not change.
 */
export class Harmony {
  readonly #frames: ChromaFrames;
  readonly #memory: Float64Array;
  readonly #keys: BestKeys = { major: 0, minor: 0, majorFit: 0, minorFit: 0 };
  readonly #features = new Float32Array(HARMONY_FEATURES);
  #count: number;

  /** @param sameFormat false: the state is of audio in another format, of which the means remain */
  constructor(plans: FftPlans, sampleRateHz: number, state?: HarmonyState, sameFormat = true) {
    const chroma = sameFormat ? state?.chroma : undefined;
    this.#frames = new ChromaFrames(plans, sampleRateHz, this.#onChroma, chroma);
    this.#memory = state?.memory.slice() ?? new Float64Array(PEAKEDNESS + 1).fill(1 / PITCH_CLASSES, 0, FLUX);
    this.#count = state?.frames ?? 0;
  }

  get state(): HarmonyState {
    return { chroma: this.#frames.state, frames: this.#count, memory: this.#memory.slice() };
  }

  push(mono: Float32Array): void {
    this.#frames.push(mono);
  }

  /** [HARMONY_FEATURES] at the end of a step. The next call refills the same array. */
  end(): Float32Array {
    const features = this.#features;
    for (let m = 0; m < MEAN_SECONDS.length; m++) {
      this.#describe(MEANS + m * PITCH_CLASSES, m * FEATURES_OF_A_MEAN);
    }
    features[HARMONY_FEATURES - 2] = this.#memory[FLUX]!;
    features[HARMONY_FEATURES - 1] = this.#memory[PEAKEDNESS]!;
    return features;
  }

  readonly #onChroma = (chroma: Float64Array, peakedness: number): void => {
    const memory = this.#memory;
    if (this.#count > 0) {
      let change = 0;
      for (let c = 0; c < PITCH_CLASSES; c++) change += Math.abs(chroma[c]! - memory[c]!) / 2;
      memory[FLUX]! += newestWeight(FLUX_SECONDS, this.#count) * (change - memory[FLUX]!);
    }
    this.#count++;
    memory.set(chroma);
    for (let m = 0; m < MEAN_SECONDS.length; m++) {
      const weight = newestWeight(MEAN_SECONDS[m]!, this.#count);
      const at = MEANS + m * PITCH_CLASSES;
      for (let c = 0; c < PITCH_CLASSES; c++) memory[at + c]! += weight * (chroma[c]! - memory[at + c]!);
    }
    memory[PEAKEDNESS] = peakedness;
  };

  /** Writes the features of the mean at `from` in the memory. */
  #describe(from: number, to: number): void {
    const mean = this.#memory;
    const features = this.#features;
    const keys = this.#keys;
    findKeys(mean, from, keys);
    let entropy = 0;
    let maximum = 0;
    for (let c = 0; c < PITCH_CLASSES; c++) {
      const share = mean[from + c]!;
      if (share > 0) entropy -= share * Math.log(share);
      maximum = Math.max(maximum, share);
    }
    features[to] = keys.majorFit;
    features[to + 1] = keys.minorFit;
    features[to + 2] = keys.majorFit - keys.minorFit;
    features[to + 3] = entropy / Math.log(PITCH_CLASSES);
    features[to + 4] = maximum;
    const best = keys.majorFit >= keys.minorFit ? keys.major : keys.minor;
    this.#rotate(from, best, to + 5);
    this.#rotate(from, keys.major, to + 5 + PITCH_CLASSES);
    this.#rotate(from, keys.minor, to + 5 + 2 * PITCH_CLASSES);
  }

  #rotate(from: number, tonic: number, to: number): void {
    for (let i = 0; i < PITCH_CLASSES; i++) {
      this.#features[to + i] = this.#memory[from + ((tonic + i) % PITCH_CLASSES)]!;
    }
  }
}

/** Weight of the newest frame in a leaky mean: a plain mean until the time constant has passed. */
function newestWeight(seconds: number, frames: number): number {
  return Math.max(1 - Math.exp(-CHROMA_HOP_SECONDS / seconds), 1 / frames);
}

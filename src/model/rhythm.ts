import { HOP_SECONDS, MEL_BANDS } from '../stream/mel.ts';
import { WINDOW_FRAMES } from '../stream/mel-ring.ts';

/** Number of groups of neighboring bands whose rhythm is measured. */
export const RHYTHM_GROUPS = 12;
/** The pulse rates in Hz: 16 from 0.7 to 12 Hz (42 to 720 beats per minute), evenly spaced in log frequency. */
export const RHYTHM_RATES: readonly number[] = Array.from(
  { length: 16 },
  (_, i) => 0.7 * (12 / 0.7) ** (i / 15),
);

const BANDS_PER_GROUP = MEL_BANDS / RHYTHM_GROUPS;
const RATES = RHYTHM_RATES.length;

/** Index of the middle of the window, and the number of frames on either side of it. */
const HALF = (WINDOW_FRAMES - 1) / 2;
/** Hann-windowed cosines and sines of each rate, [RATES, HALF + 1], from the middle of the window outwards. */
const COSINES = createWaves(Math.cos);
const SINES = createWaves(Math.sin);

function createWaves(wave: (phase: number) => number): Float64Array {
  const waves = new Float64Array(RATES * (HALF + 1));
  for (const [r, rateHz] of RHYTHM_RATES.entries()) {
    for (let i = 0; i <= HALF; i++) {
      const hann = Math.cos((Math.PI * i) / (WINDOW_FRAMES - 1)) ** 2;
      waves[r * (HALF + 1) + i] = hann * wave(2 * Math.PI * rateHz * i * HOP_SECONDS);
    }
  }
  return waves;
}

/** How strongly onsets pulse at each rate in each group of bands: the magnitude of a Fourier sum. */
export class Rhythm {
  readonly #onsets = new Float32Array(WINDOW_FRAMES);
  /** [HALF + 1] sums and differences of the onsets at equal distance from the middle. */
  readonly #even = new Float64Array(HALF + 1);
  readonly #odd = new Float64Array(HALF + 1);

  /** Writes RHYTHM_GROUPS · RHYTHM_RATES.length numbers to `out` from `at` on; for the parameters see `Summary`. */
  write(mel: Float32Array, frames: number, out: Float32Array, at: number): void {
    for (let group = 0; group < RHYTHM_GROUPS; group++) {
      this.#measureOnsets(mel, frames, group * BANDS_PER_GROUP);
      this.#transform(out, at + group * RATES);
    }
  }

  /** The rises of the group's level from frame to frame, minus their mean; 0 before the stream began. */
  #measureOnsets(mel: Float32Array, frames: number, band: number): void {
    const onsets = this.#onsets;
    onsets.fill(0);
    const first = WINDOW_FRAMES - frames;
    let before = 0;
    let sum = 0;
    for (let i = first; i < WINDOW_FRAMES; i++) {
      let level = 0;
      for (let b = 0; b < BANDS_PER_GROUP; b++) level += mel[i * MEL_BANDS + band + b]!;
      level /= BANDS_PER_GROUP;
      if (i > first) {
        onsets[i] = Math.max(0, level - before);
        sum += onsets[i]!;
      }
      before = level;
    }
    const mean = sum / Math.max(1, frames - 1);
    for (let i = first + 1; i < WINDOW_FRAMES; i++) onsets[i]! -= mean;
  }

  /** A magnitude does not depend on the origin of the phase. With the origin in the middle, half the products suffice. */
  #transform(out: Float32Array, at: number): void {
    const onsets = this.#onsets;
    const even = this.#even;
    const odd = this.#odd;
    even[0] = onsets[HALF]!;
    for (let i = 1; i <= HALF; i++) {
      even[i] = onsets[HALF + i]! + onsets[HALF - i]!;
      odd[i] = onsets[HALF + i]! - onsets[HALF - i]!;
    }
    for (let r = 0, w = 0; r < RATES; r++) {
      let cosine = 0;
      let sine = 0;
      for (let i = 0; i <= HALF; i++, w++) {
        cosine += even[i]! * COSINES[w]!;
        sine += odd[i]! * SINES[w]!;
      }
      out[at + r] = Math.sqrt(cosine * cosine + sine * sine); // Math.hypot takes as long as all the sums
    }
  }
}

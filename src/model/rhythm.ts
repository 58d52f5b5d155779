import { HOP_SECONDS, MEL_BANDS } from '../stream/mel.ts';
import { WINDOW_FRAMES } from '../stream/mel-ring.ts';
import { RHYTHM_GROUPS, RHYTHM_RATES } from './config.ts';

const BANDS_PER_GROUP = MEL_BANDS / RHYTHM_GROUPS;
const RATES = RHYTHM_RATES.length;

/** [WINDOW_FRAMES, 2 · RATES]: Hann-windowed cosines and sines of each rate, row by row of the window. */
const WAVES = createWaves();

function createWaves(): Float32Array {
  const waves = new Float32Array(WINDOW_FRAMES * 2 * RATES);
  for (let i = 0; i < WINDOW_FRAMES; i++) {
    const hann = Math.sin((Math.PI * i) / (WINDOW_FRAMES - 1)) ** 2;
    for (const [r, rateHz] of RHYTHM_RATES.entries()) {
      const phase = 2 * Math.PI * rateHz * i * HOP_SECONDS;
      waves[(i * RATES + r) * 2] = hann * Math.cos(phase);
      waves[(i * RATES + r) * 2 + 1] = hann * Math.sin(phase);
    }
  }
  return waves;
}

/** How strongly onsets pulse at each rate, in each group of neighbouring bands: the magnitude of a Fourier sum. */
export class Rhythm {
  readonly #onsets = new Float32Array(WINDOW_FRAMES);
  readonly #parts = new Float64Array(2 * RATES);

  /** Writes RHYTHM_GROUPS · RHYTHM_RATES.length numbers to `out`; for the parameters see Summary. */
  write(mel: Float32Array, frames: number, out: Float32Array, at: number): void {
    for (let group = 0; group < RHYTHM_GROUPS; group++) {
      this.#listen(mel, frames, group * BANDS_PER_GROUP);
      this.#transform(out, at + group * RATES);
    }
  }

  /** The rises of the group's level from frame to frame, less their mean; 0 where nothing was heard. */
  #listen(mel: Float32Array, frames: number, band: number): void {
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

  #transform(out: Float32Array, at: number): void {
    const parts = this.#parts.fill(0);
    for (let i = 0; i < WINDOW_FRAMES; i++) {
      const onset = this.#onsets[i]!;
      if (onset === 0) continue;
      for (let p = 0, w = i * 2 * RATES; p < 2 * RATES; p++, w++) parts[p]! += onset * WAVES[w]!;
    }
    for (let r = 0; r < RATES; r++) out[at + r] = Math.hypot(parts[2 * r]!, parts[2 * r + 1]!);
  }
}

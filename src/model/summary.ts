import { HOP_SECONDS, MEL_BANDS } from '../stream/mel.ts';
import { WINDOW_FRAMES } from '../stream/mel-ring.ts';
import { STEP_SECONDS } from '../types.ts';
import { SPANS, STATISTICS } from './config.ts';
import { Rhythm } from './rhythm.ts';

/**
 * What the network sees of a window, in plain numbers: for the last 3 s and the last 0.5 s the mean,
 * standard deviation, mean absolute change and maximum of each band, then the strength of each pulse
 * rate in each group of bands. Levels stay absolute, as loud music is aroused music.
 *
 * Plain loops and not tensor operations: it takes a tenth of a millisecond on every engine, and one
 * short row per stream is all that has to be handed to the engine.
 */
export class Summary {
  readonly #sum = new Float64Array(MEL_BANDS);
  readonly #squares = new Float64Array(MEL_BANDS);
  readonly #change = new Float64Array(MEL_BANDS);
  readonly #max = new Float64Array(MEL_BANDS);
  readonly #rhythm = new Rhythm();

  /**
   * Writes SUMMARY_LENGTH numbers to `out` from `at` on.
   *
   * @param mel [WINDOW_FRAMES, MEL_BANDS], oldest first
   * @param frames how many of its newest rows the stream has heard; older rows are left out of account
   */
  write(mel: Float32Array, frames: number, out: Float32Array, at: number): void {
    let to = at;
    for (const span of SPANS) {
      this.#statistics(mel, Math.min(span, frames), out, to);
      to += STATISTICS * MEL_BANDS;
    }
    this.#rhythm.write(mel, frames, out, to);
  }

  #statistics(mel: Float32Array, frames: number, out: Float32Array, at: number): void {
    const [sum, squares, change, max] = [this.#sum, this.#squares, this.#change, this.#max];
    sum.fill(0);
    squares.fill(0);
    change.fill(0);
    max.fill(0);
    const first = (WINDOW_FRAMES - frames) * MEL_BANDS;
    for (let row = first; row < mel.length; row += MEL_BANDS) {
      for (let b = 0; b < MEL_BANDS; b++) {
        const y = mel[row + b]!;
        sum[b]! += y;
        squares[b]! += y * y;
        if (y > max[b]!) max[b] = y;
        if (row > first) change[b]! += Math.abs(y - mel[row + b - MEL_BANDS]!);
      }
    }
    const n = Math.max(1, frames);
    for (let b = 0; b < MEL_BANDS; b++) {
      const mean = sum[b]! / n;
      out[at + b] = mean;
      out[at + MEL_BANDS + b] = Math.sqrt(Math.max(0, squares[b]! / n - mean * mean));
      out[at + 2 * MEL_BANDS + b] = change[b]! / Math.max(1, frames - 1);
      out[at + 3 * MEL_BANDS + b] = max[b]!;
    }
  }
}

/** How many mel frames a stream has given by the end of a step: each covers 32 ms, one begins every 16 ms. */
export function framesHeard(step: number): number {
  const seconds = STEP_SECONDS * (step + 1);
  return Math.min(WINDOW_FRAMES, Math.floor((seconds - 2 * HOP_SECONDS) / HOP_SECONDS + 1e-6) + 1);
}

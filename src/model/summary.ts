import { createKernels } from '../stream/kernels/kernels.ts';
import { HOP_SECONDS, MEL_BANDS } from '../stream/mel.ts';
import { WINDOW_FRAMES } from '../stream/mel-ring.ts';
import { STEP_SECONDS, type StepWindow } from '../types.ts';
import { RHYTHM_GROUPS, RHYTHM_RATES, Rhythm } from './rhythm.ts';

/** Frames of the two spans that a summary covers: the whole window of 3 s, and the newest 0.5 s. */
const SPANS = [WINDOW_FRAMES, 31] as const;
/** Mean, standard deviation, mean change and maximum. */
const STATISTICS = 4;

/** Memory of the kernel: a window, and the statistics of a span. One for the whole thread. */
const STATISTICS_AT = 4 * WINDOW_FRAMES * MEL_BANDS;
const kernels = createKernels(STATISTICS_AT + 4 * STATISTICS * MEL_BANDS);
const WINDOW = kernels.floats(0, WINDOW_FRAMES * MEL_BANDS);
const COMPUTED = kernels.floats(STATISTICS_AT, STATISTICS * MEL_BANDS);

export const SUMMARY_LENGTH = SPANS.length * STATISTICS * MEL_BANDS + RHYTHM_GROUPS * RHYTHM_RATES.length;

/**
 * The statistics of a window that are the network's input: for the last 3 s and the last 0.5 s the mean, standard
 * deviation, mean absolute change and maximum of each band, then the strength of each pulse rate in each group of
 * bands. Levels are absolute, because loud music expresses higher arousal.
 *
 * Not tensor operations: they would need the whole window on the engine, which so receives one short row per stream.
 */
export class Summary {
  readonly #rhythm = new Rhythm();

  /**
   * Writes SUMMARY_LENGTH numbers to `out` from `at` on.
   *
   * @param mel [WINDOW_FRAMES, MEL_BANDS], oldest first
   * @param frames number of newest rows that the stream has received; older rows are ignored
   */
  write(mel: Float32Array, frames: number, out: Float32Array, at: number): void {
    let to = at;
    WINDOW.set(mel);
    for (const span of SPANS) {
      const n = Math.max(1, Math.min(span, frames));
      kernels.statistics(4 * (WINDOW_FRAMES - n) * MEL_BANDS, n, MEL_BANDS, STATISTICS_AT);
      out.set(COMPUTED, to);
      to += STATISTICS * MEL_BANDS;
    }
    this.#rhythm.write(mel, frames, out, to);
  }
}

const shared = new Summary();
const summaries = new WeakMap<StepWindow, Float32Array>();

/**
 * [SUMMARY_LENGTH] the summary of a step's window, computed once: the speech detector and the model's front end both
 * read it, and it costs more than either of them does with it.
 */
export function summaryOf(window: StepWindow): Float32Array {
  let summary = summaries.get(window);
  if (!summary) {
    summary = new Float32Array(SUMMARY_LENGTH);
    shared.write(window.mel, framesReceived(window.step), summary, 0);
    summaries.set(window, summary);
  }
  return summary;
}

/**
 * The number of the window's mel frames that a stream has received at the end of a step. A frame covers 32 ms, and one
 * begins every 16 ms.
 */
export function framesReceived(step: number): number {
  const seconds = STEP_SECONDS * (step + 1);
  return Math.min(WINDOW_FRAMES, Math.floor((seconds - 2 * HOP_SECONDS) / HOP_SECONDS + 1e-6) + 1);
}

import {
  CED_FEATURES,
  PATCH_FRAMES,
  WINDOW_PATCHES,
} from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import type { WindowedCed } from '../../../src/model/kinds/undertone/front-ends/ced/windowed.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { FINE_BANDS, FINE_FRAMES } from '../../../src/stream/fine-mel.ts';
import type { FineMelWindow } from '../../../src/types.ts';
import { liveWindows } from '../../train/features/recording.ts';

/** Steps of a passage: 10 s, the length of most labeled clips. */
export const PASSAGE_STEPS = 20;
/** Frames of a stream by the end of its step `step`: each covers 32 ms, one begins every 10 ms. */
export const framesAt = (step: number): number => 47 + 50 * step;
/** Frames in a passage. */
export const PASSAGE_FRAMES: number = framesAt(PASSAGE_STEPS - 1);
/** Whole patches in a passage. */
export const PASSAGE_TIMES: number = Math.floor(PASSAGE_FRAMES / PATCH_FRAMES);

/**
 * Cuts the mel frames of a recording, as live tracking computes them, into passages: [PASSAGE_FRAMES, FINE_BANDS] each.
 * What is left at the end is shorter than a passage and left out.
 *
 * @throws UserError `bad-audio`, `bad-format`
 */
export async function* passagesOf(
  path: string,
  plans: FftPlans,
): AsyncGenerator<Float32Array, void, undefined> {
  let passage = new Float32Array(PASSAGE_FRAMES * FINE_BANDS);
  let filled = 0;
  for await (const { fine } of liveWindows(path, plans, 'fine')) {
    let fresh = fine!.mel.subarray(fine!.mel.length - fine!.newFrames * FINE_BANDS);
    while (fresh.length > 0) {
      const taken = fresh.subarray(0, passage.length - filled);
      passage.set(taken, filled);
      filled += taken.length;
      fresh = fresh.subarray(taken.length);
      if (filled < passage.length) continue;
      yield passage;
      passage = new Float32Array(PASSAGE_FRAMES * FINE_BANDS);
      filled = 0;
    }
  }
}

/** The features of the windowed form at every step of each passage: [PASSAGE_STEPS, CED_FEATURES] each. */
export function windowedFeatures(windowed: WindowedCed, passages: readonly Float32Array[]): Float32Array[] {
  const windows = passages.flatMap((passage) =>
    Array.from({ length: PASSAGE_STEPS }, (_, step) => windowAt(passage, step)),
  );
  const all = windowed.extract(windows);
  const size = PASSAGE_STEPS * CED_FEATURES;
  return passages.map((_, i) => all.slice(i * size, (i + 1) * size));
}

function windowAt(passage: Float32Array, step: number): FineMelWindow {
  const frames = framesAt(step);
  const mel = new Float32Array(FINE_FRAMES * FINE_BANDS);
  const shown = Math.min(frames, FINE_FRAMES);
  mel.set(
    passage.subarray((frames - shown) * FINE_BANDS, frames * FINE_BANDS),
    (FINE_FRAMES - shown) * FINE_BANDS,
  );
  return { mel, frames, newFrames: step === 0 ? frames : framesAt(step) - framesAt(step - 1) };
}

/**
 * The matrix that pools the mean tokens of each time to the features of each step, as poolTimes does:
 * [2 · PASSAGE_STEPS, PASSAGE_TIMES], for each step the window and the newest patches.
 *
 * @param newest times of the second feature
 */
export function poolingMatrix(newest: number): Float32Array {
  const matrix = new Float32Array(2 * PASSAGE_STEPS * PASSAGE_TIMES);
  for (let step = 0; step < PASSAGE_STEPS; step++) {
    const times = Math.floor(framesAt(step) / PATCH_FRAMES);
    for (const [part, most] of [WINDOW_PATCHES, newest].entries()) {
      const count = Math.min(times, most);
      const row = (2 * step + part) * PASSAGE_TIMES;
      matrix.fill(1 / count, row + times - count, row + times);
    }
  }
  return matrix;
}

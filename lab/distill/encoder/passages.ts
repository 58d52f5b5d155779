import {
  CED_FEATURES,
  PATCH_FRAMES,
  WINDOW_PATCHES,
} from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import type { WindowedCed } from '../../../src/model/kinds/undertone/front-ends/ced/windowed.ts';
import { PATCH_FRAMES as SMALL_PATCH_FRAMES } from '../../../src/model/kinds/undertone/front-ends/ced-small/sizes.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { FINE_BANDS, FINE_FRAMES } from '../../../src/stream/fine-mel.ts';
import { HOP_SECONDS, MEL_BANDS } from '../../../src/stream/mel.ts';
import type { FineMelWindow } from '../../../src/types.ts';
import { liveWindows } from '../../train/features/recording.ts';

const FINE_HOP_SECONDS = 0.01;

/** Steps of a passage: 10 s, the length of most labeled clips. */
export const PASSAGE_STEPS = 20;
/** Frames of a stream by the end of its step `step`: each covers 32 ms, one begins every 10 ms. */
export const framesAt = (step: number): number => 47 + 50 * step;
/** Frames in a passage. */
export const PASSAGE_FRAMES: number = framesAt(PASSAGE_STEPS - 1);
/** Whole patches in a passage. */
export const PASSAGE_TIMES: number = Math.floor(PASSAGE_FRAMES / PATCH_FRAMES);

/** Patches of the front end `ced-small` that are complete at the end of a step of a passage, from 0 on. */
export function patchesAt(step: number): number {
  const lastBegins = (framesAt(step) - 1) * FINE_HOP_SECONDS; // frames of both kinds have the same length
  return Math.floor((Math.floor(lastBegins / HOP_SECONDS + 1e-6) + 1) / SMALL_PATCH_FRAMES);
}

/** 10 s of music as the mel frames that live tracking computes. */
export interface Passage {
  /** [PASSAGE_FRAMES, FINE_BANDS] in dB. */
  readonly fine: Float32Array;
  /** [patchesAt(PASSAGE_STEPS - 1), PATCH_SIZE of `ced-small`]: log-mel patches of the same sound, to within 8 ms. */
  readonly patches: Float32Array;
}

/**
 * Cuts a recording into passages. What is left at the end is shorter than a passage and left out.
 *
 * @throws UserError `bad-audio`, `bad-format`
 */
export async function* passagesOf(path: string, plans: FftPlans): AsyncGenerator<Passage, void, undefined> {
  const mel = new Frames(MEL_BANDS);
  const fine = new Frames(FINE_BANDS);
  const melFrames = patchesAt(PASSAGE_STEPS - 1) * SMALL_PATCH_FRAMES;
  let passages = 0;
  for await (const window of liveWindows(path, plans, 'fine')) {
    mel.add(window.mel, window.newFrames);
    fine.add(window.fine!.mel, window.fine!.newFrames);
    const first = Math.round((passages * PASSAGE_FRAMES * FINE_HOP_SECONDS) / HOP_SECONDS);
    const own = fine.take(passages * PASSAGE_FRAMES, PASSAGE_FRAMES);
    const patches = mel.take(first, melFrames);
    if (!own || !patches) continue;
    yield { fine: own, patches };
    passages++;
  }
}

/** The frames of a recording, of which those before the last ones taken are dropped. */
class Frames {
  readonly #bands: number;
  #values = new Float32Array(0);
  /** Frames that were dropped. */
  #dropped = 0;

  constructor(bands: number) {
    this.#bands = bands;
  }

  /** @param window of which the last `count` frames are new */
  add(window: Float32Array, count: number): void {
    const joined = new Float32Array(this.#values.length + count * this.#bands);
    joined.set(this.#values);
    joined.set(window.subarray(window.length - count * this.#bands), this.#values.length);
    this.#values = joined;
  }

  /** A copy of `count` frames, and drops all before them; undefined as long as there are not as many. */
  take(first: number, count: number): Float32Array | undefined {
    const from = (first - this.#dropped) * this.#bands;
    if (from + count * this.#bands > this.#values.length) return undefined;
    const taken = this.#values.slice(from, from + count * this.#bands);
    this.#values = this.#values.slice(from);
    this.#dropped = first;
    return taken;
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

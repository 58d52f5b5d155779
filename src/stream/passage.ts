import { type FineMelWindow, type SourceItem, STEP_SECONDS, type StepWindow } from '../types.ts';
import { FINE_BANDS } from './fine-mel.ts';
import { MEL_BANDS } from './mel.ts';
import type { AnalyzerOutput } from './stream-analyzer.ts';

/** Steps that are computed together: more are hardly faster. */
const MOST_STEPS = 16;

/** Whether the item completes several steps: it is part of a recording. */
export function isLong(item: SourceItem): boolean {
  return item.type === 'audio' && item.samples.length > 2 * STEP_SECONDS * item.sampleRateHz * item.channels;
}

/** The outputs of a long item in parts, each with at most `most` windows, which are valid at the same time. */
export function* passages(
  outputs: Iterable<AnalyzerOutput>,
  most: number = MOST_STEPS,
): Generator<AnalyzerOutput[], void, undefined> {
  let part: AnalyzerOutput[] = [];
  let passage = new Passage(most);
  let windows = 0;
  for (const output of outputs) {
    part.push('mel' in output ? passage.add(output) : output);
    if (!('mel' in output) || ++windows < most) continue;
    yield part;
    part = [];
    passage = new Passage(most);
    windows = 0;
  }
  if (part.length > 0) yield part;
}

/**
 * The windows of successive steps, valid at the same time. A window has most of its mel frames in common with the one
 * before, so only the new ones are copied: all windows are views of one array.
 */
export class Passage {
  readonly #mel: Rows;
  readonly #fine: Rows;

  /** @param steps the most that are added */
  constructor(steps: number) {
    this.#mel = new Rows(steps, MEL_BANDS, MEL_A_STEP);
    this.#fine = new Rows(steps, FINE_BANDS, FINE_A_STEP);
  }

  /** A window with the same numbers, that later steps do not change. Call it for each step, in their order. */
  add(window: StepWindow): StepWindow {
    const { mel, newFrames, clip, fine, harmony } = window;
    return {
      ...window,
      mel: this.#mel.add(mel, newFrames),
      ...(clip && { clip: clip.slice() }),
      ...(fine && { fine: this.#fineOf(fine) }),
      ...(harmony && { harmony: harmony.slice() }),
    };
  }

  #fineOf(fine: FineMelWindow): FineMelWindow {
    return { ...fine, mel: this.#fine.add(fine.mel, fine.newFrames) };
  }
}

/** The most new frames of a step. */
const MEL_A_STEP = 32;
const FINE_A_STEP = 50;

/** Rows of which each window shows the newest. */
class Rows {
  readonly #steps: number;
  readonly #width: number;
  readonly #most: number;
  #all: Float32Array | undefined;
  #end = 0;

  constructor(steps: number, width: number, most: number) {
    this.#steps = steps;
    this.#width = width;
    this.#most = most;
  }

  add(window: Float32Array, newRows: number): Float32Array {
    const fresh = this.#all ? newRows * this.#width : window.length;
    this.#all ??= new Float32Array(window.length + this.#steps * this.#most * this.#width);
    this.#all.set(window.subarray(window.length - fresh), this.#end);
    this.#end += fresh;
    return this.#all.subarray(this.#end - window.length, this.#end);
  }
}

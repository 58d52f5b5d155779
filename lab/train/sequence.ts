import { framesReceived, SUMMARY_LENGTH, Summary } from '../../src/model/summary.ts';
import { MEL_BANDS } from '../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../src/stream/mel-ring.ts';
import { NO_AUGMENTATION, type SpectralAugmentation, writeAugmented } from './augment/spectral.ts';
import type { Example } from './example.ts';

/** The most frames of a step. */
const FRAMES_PER_STEP = 32;

/** A stretch of a clip: steps `from` up to, not including, `to`. */
export interface Segment {
  readonly example: Example;
  readonly from: number;
  readonly to: number;
  /** Ignored for examples with rows. */
  readonly spectral: SpectralAugmentation;
}

/** Inputs and targets of one stream that contains segments one after another; unknown targets are NaN. */
export interface Sequence {
  readonly steps: number;
  /** [steps, inputs] output of the front end. */
  readonly summaries: Float32Array;
  /** [steps, 2] valence, arousal. */
  readonly labels: Float32Array;
  /** [steps, tags] */
  readonly tags: Float32Array;
  /** [steps, 2] predictions of the teachers. */
  readonly softTargets: Float32Array;
}

/** A whole clip as recorded, from a fresh state: what validation and evaluation use. */
export function wholeClip(example: Example): Segment {
  return { example, from: 0, to: example.steps, spectral: NO_AUGMENTATION };
}

/** Makes sequences; the buffer of mel frames is reused from call to call. */
export class SequenceMaker {
  readonly #summary = new Summary();
  #mel = new Float32Array(0);

  /** Joins segments with hard cuts, as in a broadcast: windows extend over the cuts. */
  make(segments: readonly Segment[]): Sequence {
    return segments[0]?.example.rows ? joinRows(segments) : this.#summarize(segments);
  }

  #summarize(segments: readonly Segment[]): Sequence {
    const sequence = emptySequence(segments, SUMMARY_LENGTH);
    const mel = this.#buffer((WINDOW_FRAMES + sequence.steps * FRAMES_PER_STEP) * MEL_BANDS);
    mel.fill(0, 0, WINDOW_FRAMES * MEL_BANDS); // before the stream began
    let written = 0;
    let step = 0;
    for (const { example, from, to, spectral } of segments) {
      copyTargets(example, from, to, sequence, step);
      const { frames, ends } = example.mel!;
      const first = from === 0 ? 0 : ends[from - 1]!;
      const stretch = frames.subarray(first * MEL_BANDS, ends[to - 1]! * MEL_BANDS);
      writeAugmented(stretch, spectral, mel, (WINDOW_FRAMES + written) * MEL_BANDS);
      for (let k = from; k < to; k++, step++) {
        const end = written + ends[k]! - first;
        const window = mel.subarray(end * MEL_BANDS, (end + WINDOW_FRAMES) * MEL_BANDS);
        this.#summary.write(window, framesReceived(step), sequence.summaries, step * SUMMARY_LENGTH);
      }
      written += ends[to - 1]! - first;
    }
    return sequence;
  }

  #buffer(length: number): Float32Array {
    if (this.#mel.length < length) this.#mel = new Float32Array(length);
    return this.#mel;
  }
}

/**
 * Joins segments whose rows were computed before. Unlike on the live path no row extends over a cut: the first rows of
 * a piece contain what came before it in its own clip.
 */
function joinRows(segments: readonly Segment[]): Sequence {
  const { rows, steps } = segments[0]!.example;
  const inputs = rows!.length / steps;
  const sequence = emptySequence(segments, inputs);
  let step = 0;
  for (const { example, from, to } of segments) {
    copyTargets(example, from, to, sequence, step);
    sequence.summaries.set(example.rows!.subarray(from * inputs, to * inputs), step * inputs);
    step += to - from;
  }
  return sequence;
}

function emptySequence(segments: readonly Segment[], inputs: number): Sequence {
  const steps = segments.reduce((sum, { from, to }) => sum + to - from, 0);
  const tagCount = segments[0]?.example.tags.length ?? 0;
  return {
    steps,
    summaries: new Float32Array(steps * inputs),
    labels: new Float32Array(steps * 2),
    tags: new Float32Array(steps * tagCount),
    softTargets: new Float32Array(steps * 2).fill(Number.NaN),
  };
}

function copyTargets(
  { labels, tags, softTargets }: Example,
  from: number,
  to: number,
  sequence: Sequence,
  step: number,
): void {
  const copy = (values: Float32Array, width: number, target: Float32Array) =>
    target.set(values.subarray(from * width, to * width), step * width);
  copy(labels, 2, sequence.labels);
  if (softTargets) copy(softTargets, 2, sequence.softTargets);
  for (let k = 0; k < to - from; k++) sequence.tags.set(tags, (step + k) * tags.length);
}

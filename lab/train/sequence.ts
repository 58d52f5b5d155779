import { framesReceived, SUMMARY_LENGTH, Summary } from '../../src/model/summary.ts';
import { MEL_BANDS } from '../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../src/stream/mel-ring.ts';
import { FORECAST_HORIZONS } from '../../src/types.ts';
import { type Colour, PLAIN, writeColoured } from './augment/spectral.ts';
import type { Example } from './examples.ts';
import { spliceRows } from './splice-rows.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;
const FRAMES_PER_STEP = 32; // at most

/** A stretch of a clip, from one step up to another. */
export interface Segment {
  readonly example: Example;
  readonly from: number;
  readonly to: number;
  readonly colour: Colour;
}

/** What a stream that plays segments one after another would hand to the network, and what it should say. */
export interface Sequence {
  readonly steps: number;
  /** [steps, inputs] what the front end makes of the windows. */
  readonly summaries: Float32Array;
  /** [steps, 2], [steps, 2 · horizons], [steps, tags]; NaN where nothing is known. */
  readonly labels: Float32Array;
  readonly changes: Float32Array;
  readonly tags: Float32Array;
  /** [steps, 2] what teachers say; NaN where they said nothing. */
  readonly lessons: Float32Array;
}

/** A whole clip from a fresh state, as it was recorded: how validation hears it. */
export function wholeClip(example: Example): Segment {
  return { example, from: 0, to: example.steps, colour: PLAIN };
}

/** Splices segments hard against each other, as a radio programme does: windows reach over the cuts. */
export class SequenceMaker {
  readonly #summary = new Summary();
  #mel = new Float32Array(0);

  make(segments: readonly Segment[]): Sequence {
    if (segments[0]?.example.rows) return spliceRows(segments);
    const steps = segments.reduce((sum, { from, to }) => sum + to - from, 0);
    const tagCount = segments[0]?.example.tags.length ?? 0;
    const sequence = {
      steps,
      summaries: new Float32Array(steps * SUMMARY_LENGTH),
      labels: new Float32Array(steps * 2),
      changes: new Float32Array(steps * CHANGES),
      tags: new Float32Array(steps * tagCount),
      lessons: new Float32Array(steps * 2).fill(Number.NaN),
    };
    const mel = this.#room((WINDOW_FRAMES + steps * FRAMES_PER_STEP) * MEL_BANDS);
    mel.fill(0, 0, WINDOW_FRAMES * MEL_BANDS); // before the stream began
    let heard = 0;
    let step = 0;
    for (const { example, from, to, colour } of segments) {
      const { frames, ends } = example.mel!;
      const first = from === 0 ? 0 : ends[from - 1]!;
      const stretch = frames.subarray(first * MEL_BANDS, ends[to - 1]! * MEL_BANDS);
      writeColoured(stretch, colour, mel, (WINDOW_FRAMES + heard) * MEL_BANDS);
      for (let k = from; k < to; k++, step++) {
        const end = heard + ends[k]! - first;
        const window = mel.subarray(end * MEL_BANDS, (end + WINDOW_FRAMES) * MEL_BANDS);
        this.#summary.write(window, framesReceived(step), sequence.summaries, step * SUMMARY_LENGTH);
        sequence.tags.set(example.tags, step * tagCount);
      }
      if (example.lessons) {
        sequence.lessons.set(example.lessons.subarray(from * 2, to * 2), (step - to + from) * 2);
      }
      sequence.labels.set(example.labels.subarray(from * 2, to * 2), (step - to + from) * 2);
      sequence.changes.set(
        example.changes.subarray(from * CHANGES, to * CHANGES),
        (step - to + from) * CHANGES,
      );
      heard += ends[to - 1]! - first;
    }
    return sequence;
  }

  #room(length: number): Float32Array {
    if (this.#mel.length < length) this.#mel = new Float32Array(length);
    return this.#mel;
  }
}

import type { FftPlans } from '../../../src/stream/fft.ts';
import { STEP_SECONDS } from '../../../src/types.ts';
import { FRAME_FEATURES, FrameFeatures } from './frame-features.ts';

/** Spans in steps over which frames are summarized: the step, and the last 3 s, the length of undertone's window. */
const SPANS = [1, 6] as const;

/** Names of the features of a step: mean and standard deviation of each frame feature over each span. */
export const STEP_FEATURES: readonly string[] = SPANS.flatMap((span) =>
  ['mean', 'sd'].flatMap((statistic) =>
    FRAME_FEATURES.map((name) => `${name}, ${statistic} of ${span * STEP_SECONDS} s`),
  ),
);

/**
 * Features of each whole step of a recording: [steps, STEP_FEATURES.length].
 *
 * Frames follow each other without overlap from the first sample. A frame belongs to the step in which it ends, so
 * features are causal. Half a second has ten or eleven frames.
 *
 * @throws UserError `missing-package`
 */
export function stepFeatures(mono: Float32Array, sampleRateHz: number, plans: FftPlans): Float32Array {
  const measure = new FrameFeatures(plans, sampleRateHz);
  const steps = stepsIn(mono.length, sampleRateHz);
  const count = Math.floor(mono.length / measure.size);
  const width = FRAME_FEATURES.length;
  const frames = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    measure.write(mono.subarray(i * measure.size, (i + 1) * measure.size), frames, i * width);
  }
  /** Number of frames that end within the first steps. Steps end at the same sample as in live tracking. */
  const framesBy = (step: number) =>
    Math.min(count, Math.floor(Math.ceil(Math.max(0, step) * STEP_SECONDS * sampleRateHz) / measure.size));
  const out = new Float32Array(steps * STEP_FEATURES.length);
  for (let step = 0; step < steps; step++) {
    for (const [i, span] of SPANS.entries()) {
      const from = framesBy(step + 1 - span);
      const rows = frames.subarray(from * width, framesBy(step + 1) * width);
      writeMeanAndSd(rows, out, step * STEP_FEATURES.length + i * 2 * width);
    }
  }
  return out;
}

/** @param rows [n, FRAME_FEATURES.length] */
function writeMeanAndSd(rows: Float32Array, out: Float32Array, at: number): void {
  const width = FRAME_FEATURES.length;
  const n = rows.length / width;
  for (let feature = 0; feature < width; feature++) {
    let mean = 0;
    for (let i = feature; i < rows.length; i += width) mean += rows[i]! / n;
    let squares = 0;
    for (let i = feature; i < rows.length; i += width) squares += (rows[i]! - mean) ** 2;
    out[at + feature] = mean;
    out[at + width + feature] = Math.sqrt(squares / n);
  }
}

/** Number of whole steps. Step k ends at sample ceil(0.5 · (k + 1) · rate). */
function stepsIn(samples: number, sampleRateHz: number): number {
  const about = Math.floor(samples / (STEP_SECONDS * sampleRateHz));
  return Math.ceil(about * STEP_SECONDS * sampleRateHz) <= samples ? about : about - 1;
}

import type { Engine } from '../../../src/model/engine.ts';
import { createEncoder } from '../../../src/model/kinds/undertone/front-ends/ced/encoder.ts';
import { createPatchCutter } from '../../../src/model/kinds/undertone/front-ends/ced/patches.ts';
import { createWindowed } from '../../../src/model/kinds/undertone/front-ends/ced/windowed.ts';
import type { Weights } from '../../../src/model/weights.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { type Passage, passagesOf, windowedFeatures } from './passages.ts';

/** Passages of which the windowed form computes the features at once: windows of equal length share a batch. */
const AT_ONCE = 16;

export interface TargetsRequest {
  readonly engine: Engine;
  readonly plans: FftPlans;
  /** Of the windowed form. */
  readonly weights: Weights;
  /** Recordings, in order. */
  readonly paths: readonly string[];
  /** The most passages of a recording, evenly spaced. */
  readonly perRecording: number;
  /** What the student receives of a passage. */
  readonly inputOf: (passage: Passage) => Float32Array;
  /** Called after each recording. */
  readonly onRecording: (done: number) => void;
}

/** What a student is trained on. */
export interface TargetedPassages {
  readonly passages: readonly Float32Array[];
  /** [PASSAGE_STEPS, CED_FEATURES] of each: the features of the windowed form. */
  readonly targets: readonly Float32Array[];
  /** Number of the recording that each is from. */
  readonly recordings: readonly number[];
}

/** Cuts recordings into passages, and computes the features of the windowed form for them. */
export async function targetPassages(request: TargetsRequest): Promise<TargetedPassages> {
  const { engine, plans, weights, paths, perRecording, inputOf, onRecording } = request;
  const encoder = createEncoder(engine.tf, weights);
  const windowed = createWindowed(engine.tf, encoder, createPatchCutter(weights));
  const passages: Float32Array[] = [];
  const targets: Float32Array[] = [];
  const recordings: number[] = [];
  let waiting: Passage[] = [];
  const compute = () => {
    targets.push(
      ...windowedFeatures(
        windowed,
        waiting.map(({ fine }) => fine),
      ),
    );
    passages.push(...waiting.map(inputOf));
    waiting = [];
  };
  for (const [i, path] of paths.entries()) {
    const own: Passage[] = [];
    for await (const passage of passagesOf(path, plans)) own.push(passage);
    const taken = Math.min(perRecording, own.length);
    for (let k = 0; k < taken; k++) {
      waiting.push(own[Math.floor((k * own.length) / taken)]!);
      recordings.push(i);
      if (waiting.length === AT_ONCE) compute();
    }
    onRecording(i + 1);
  }
  if (waiting.length > 0) compute();
  encoder.dispose();
  return { passages, targets, recordings };
}

import type { ModelState } from '../../../types.ts';

/** Columns of a stream's row: valence, arousal, log sd of both, novelty, h, c. */
export const LOG_SD = 2;
export const NOVELTY = 4;
export const MEMORY = 5;

export interface StepInputs {
  /** [streams, inputs] standardized. */
  readonly z: Float32Array;
  /** [streams, 2 · inputs] of the songs (song-means.ts); absent without a kernel regression. */
  readonly means?: Float32Array | undefined;
  /** `h` and `c` of each stream, [members · hidden] each. */
  readonly memories: readonly ModelState[];
}

/** One step of the networks of a model. */
export interface NetworkStep {
  /** @returns [streams, MEMORY + 2 · members · hidden] */
  compute(inputs: StepInputs): Float32Array;
  dispose(): void;
}

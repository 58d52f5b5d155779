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

/** The inputs of successive steps of one stream. */
export interface RunInputs {
  /** [steps, inputs] standardized. */
  readonly z: Float32Array;
  /** [steps, 2 · inputs] */
  readonly means?: Float32Array | undefined;
  /** `h` and `c` before the first step. */
  readonly memory: ModelState;
}

/** The networks of a model. */
export interface NetworkStep {
  /** One step of each stream. @returns [streams, MEMORY + 2 · members · hidden] */
  compute(inputs: StepInputs): Float32Array;
  /** Successive steps of one stream. @returns [steps, MEMORY + 2 · members · hidden] */
  run(inputs: RunInputs): Float32Array;
  dispose(): void;
}

/** A run by steps one after another. @param inputs length of a row; `hidden` that of `h` */
export function runOfSteps(compute: NetworkStep['compute'], inputs: number, hidden: number) {
  return ({ z, means, memory }: RunInputs): Float32Array => {
    const steps = z.length / inputs;
    const all = new Float32Array(steps * (MEMORY + 2 * hidden));
    let before = memory;
    for (let i = 0; i < steps; i++) {
      const row = compute({
        z: z.slice(i * inputs, (i + 1) * inputs),
        means: means?.slice(2 * i * inputs, 2 * (i + 1) * inputs),
        memories: [before],
      });
      all.set(row, i * row.length);
      before = { h: row.slice(MEMORY, MEMORY + hidden), c: row.slice(MEMORY + hidden) };
    }
    return all;
  };
}

import { PATCH_INPUTS, PATCHES, PATCHES_A_STEP, POOLED_STEPS } from './dictionary.ts';

/**
 * Length of a stream's state: the number of steps in it, then the mean and maximum of each entry for each of the last
 * `POOLED_STEPS`, oldest first.
 */
export const MEMORY_LENGTH: number = 1 + POOLED_STEPS * PATCH_INPUTS;

/**
 * Adds a step's patches: returns the memory after the step, and writes the mean and maximum over all its steps to `out`
 * from `at` on.
 *
 * @param strengths activations [PATCHES_A_STEP, PATCHES], newest patch first
 * @param count number of patches that the stream has received; older ones start before it began
 */
export function pool(
  memory: Float32Array,
  strengths: Float32Array,
  count: number,
  out: Float32Array,
  at: number,
): Float32Array {
  const steps = Math.min(POOLED_STEPS, memory[0]! + 1);
  const after = new Float32Array(MEMORY_LENGTH);
  after[0] = steps;
  after.set(memory.subarray(1 + PATCH_INPUTS), 1); // drops the oldest step
  poolStep(strengths, Math.min(PATCHES_A_STEP, count), after, MEMORY_LENGTH - PATCH_INPUTS);
  for (let step = POOLED_STEPS - steps; step < POOLED_STEPS; step++) {
    const from = 1 + step * PATCH_INPUTS;
    for (let k = 0; k < PATCHES; k++) {
      out[at + k]! += after[from + k]! / steps;
      out[at + PATCHES + k] = Math.max(out[at + PATCHES + k]!, after[from + PATCHES + k]!);
    }
  }
  return after;
}

/** Activations are never negative, so the maximum can start at 0. */
function poolStep(strengths: Float32Array, count: number, to: Float32Array, at: number): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < PATCHES; k++) {
      const strength = strengths[i * PATCHES + k]!;
      to[at + k]! += strength / count;
      if (strength > to[at + PATCHES + k]!) to[at + PATCHES + k] = strength;
    }
  }
}

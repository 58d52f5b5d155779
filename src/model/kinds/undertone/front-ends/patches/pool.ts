import { PATCH_INPUTS, PATCHES, PATCHES_A_STEP, POOLED_STEPS } from './dictionary.ts';

/**
 * A stream's state: how many steps it holds, then mean and maximum of each kind over each of the
 * last `POOLED_STEPS`, oldest first.
 */
export const MEMORY_LENGTH: number = 1 + POOLED_STEPS * PATCH_INPUTS;

/**
 * Takes in a step's patches: gives back the memory after it, and writes mean and maximum over all steps that
 * it holds to `out` from `at` on.
 *
 * @param strengths [PATCHES_A_STEP, PATCHES], newest patch first
 * @param count how many of these the stream has received; older ones reach to before it began
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
  after.set(memory.subarray(1 + PATCH_INPUTS), 1); // the oldest goes
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

/** Strengths are never negative, so that 0 will do to begin a maximum with. */
function poolStep(strengths: Float32Array, count: number, to: Float32Array, at: number): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < PATCHES; k++) {
      const strength = strengths[i * PATCHES + k]!;
      to[at + k]! += strength / count;
      if (strength > to[at + PATCHES + k]!) to[at + PATCHES + k] = strength;
    }
  }
}

import { NEWEST_PATCHES } from './sizes.ts';

/**
 * Writes the features of a step to `out` from `at` on: the mean over all times, and over the newest NEWEST_PATCHES.
 *
 * @param means [times, width] mean tokens of each time, oldest first; without any, the features are 0
 */
export function poolTimes(means: Float32Array, width: number, out: Float32Array, at: number): void {
  out.fill(0, at, at + 2 * width);
  const times = means.length / width;
  const newest = Math.min(times, NEWEST_PATCHES);
  for (let time = 0; time < times; time++) {
    for (let i = 0; i < width; i++) {
      const value = means[time * width + i]!;
      out[at + i]! += value / times;
      if (time >= times - newest) out[at + width + i]! += value / newest;
    }
  }
}

/** The indices of the inputs that have the same key, by key. */
export function groupBy<T, K>(inputs: readonly T[], keyOf: (input: T, i: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const [i, input] of inputs.entries()) {
    const key = keyOf(input, i);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  return groups;
}

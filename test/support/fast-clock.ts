import type { Clock } from '../../src/util/retry.ts';

/** A clock on which waiting takes no time. `waits` has what was waited for, in ms. */
export function fastClock(): Clock & { readonly waits: number[] } {
  let nowMs = 0;
  const waits: number[] = [];
  return {
    waits,
    nowMs: () => nowMs,
    async wait(ms) {
      waits.push(Math.round(ms));
      nowMs += Math.max(0, ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

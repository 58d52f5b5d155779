import { setFlagsFromString } from 'node:v8';

/*
 * V8 lets the space of new objects grow to 32 MB in each thread. All of it stays resident, although what lives in it is
 * small; and arrays of audio, which lie outside of it, wait for it to fill before they are freed. A smaller space is
 * collected more often: at 8 MB the analysis takes 5 to 8 % more CPU time.
 */

/** For `resourceLimits` of a thread: 8 MB for new objects, and 4 for large ones. */
export const SMALL_YOUNG_GENERATION = { maxYoungGenerationSizeMb: 12 };

/**
 * Keeps the space of new objects of the main thread at its size of now. V8 reads this setting each time that it
 * could grow the space. Threads started with a limit of their own ignore it.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

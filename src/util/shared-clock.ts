/**
 * `performance.now()` begins at the start of each thread. The monotonic clock behind it is the same for all threads, so
 * a time can be handed over as a time of that clock.
 */
const OFFSET_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** A time of `performance.now()` of this thread → ms of the clock that all threads share. */
export const toSharedMs = (ms: number): number => ms + OFFSET_MS;

export const fromSharedMs = (sharedMs: number): number => sharedMs - OFFSET_MS;

/**
 * Lengths of the buckets that the log keeps up to date as frames arrive, aligned to 1970, UTC. Each divides
 * the next. Finer ones (10 s, 1 s) are made of the steps when they are asked for: so they cost nothing on
 * disk, and the steps of a screenful lie in a few blocks.
 */
export const LEVELS_MS = [60_000, 600_000, 3_600_000, 86_400_000] as const;

export const FINEST_MS = LEVELS_MS[0];

/** The level below one that is not the finest. */
export const finerThan = (levelMs: number): number =>
  LEVELS_MS[LEVELS_MS.findLastIndex((one) => one < levelMs)]!;

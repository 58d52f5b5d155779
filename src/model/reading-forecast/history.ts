import type { ModelState } from '../../types.ts';

/** Readings that a stream keeps: 20 s. */
export const HISTORY_STEPS = 40;

/** A stream's last readings. */
export interface History {
  /** [HISTORY_STEPS, 2] valence and arousal, newest last; 0 before the first. */
  readonly readings: Float32Array;
  /** How many there are, at most HISTORY_STEPS. */
  readonly count: number;
}

export const NO_HISTORY: History = { readings: new Float32Array(2 * HISTORY_STEPS), count: 0 };

export function nextHistory({ readings, count }: History, valence: number, arousal: number): History {
  const next = new Float32Array(2 * HISTORY_STEPS);
  next.set(readings.subarray(2));
  next[2 * HISTORY_STEPS - 2] = valence;
  next[2 * HISTORY_STEPS - 1] = arousal;
  return { readings: next, count: Math.min(HISTORY_STEPS, count + 1) };
}

/**
 * A reading of the past. Before the first one, that is the first.
 *
 * @param axis 0 valence, 1 arousal
 * @param ago in steps; 0 is the newest
 */
export function readingAgo({ readings, count }: History, axis: number, ago: number): number {
  return readings[2 * (HISTORY_STEPS - 1 - Math.min(ago, Math.max(0, count - 1))) + axis]!;
}

/** As part of a stream's state: [2 · HISTORY_STEPS + 1]. */
export function historyState({ readings, count }: History): ModelState {
  const history = new Float32Array(2 * HISTORY_STEPS + 1);
  history.set(readings);
  history[2 * HISTORY_STEPS] = count;
  return { history };
}

/** The reverse; undefined if the state is from another model. */
export function historyOf({ history }: ModelState): History | undefined {
  if (history?.length !== 2 * HISTORY_STEPS + 1) return undefined;
  return { readings: history.subarray(0, 2 * HISTORY_STEPS), count: history[2 * HISTORY_STEPS]! };
}

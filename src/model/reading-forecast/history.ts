import type { ModelState } from '../../types.ts';

/** Readings that a stream keeps: 20 s. */
export const HISTORY_STEPS = 40;

/** Least shares of the newest reading in the means of what came before: over about 15 s, 30 s, 1 min and 5 min. */
const MEAN_SHARES = [1 / 30, 1 / 60, 1 / 120, 1 / 600] as const;
/** Number of means. */
export const MEANS: number = MEAN_SHARES.length;
/** Readings from which on all means are leaky. */
const MOST_COUNTED: number = 1 / MEAN_SHARES[MEANS - 1]!;

/** A stream's last readings, and means of all of them. */
export interface History {
  /** [HISTORY_STEPS, 2] valence and arousal, newest last; 0 before the first. */
  readonly readings: Float32Array;
  /** [MEANS, 2] */
  readonly means: Float32Array;
  /** How many readings there were, at most MOST_COUNTED. */
  readonly count: number;
}

export const NO_HISTORY: History = {
  readings: new Float32Array(2 * HISTORY_STEPS),
  means: new Float32Array(2 * MEANS),
  count: 0,
};

export function nextHistory({ readings, means, count }: History, valence: number, arousal: number): History {
  const next = new Float32Array(2 * HISTORY_STEPS);
  next.set(readings.subarray(2));
  next[2 * HISTORY_STEPS - 2] = valence;
  next[2 * HISTORY_STEPS - 1] = arousal;
  const moved = means.map((mean, i) => {
    const share = Math.max(1 / (count + 1), MEAN_SHARES[i >> 1]!);
    return mean + share * ((i % 2 === 0 ? valence : arousal) - mean);
  });
  return { readings: next, means: moved, count: Math.min(MOST_COUNTED, count + 1) };
}

/**
 * A reading of the past. Before the first one, that is the first.
 *
 * @param axis 0 valence, 1 arousal
 * @param ago in steps, at most HISTORY_STEPS - 1; 0 is the newest
 */
export function readingAgo({ readings, count }: History, axis: number, ago: number): number {
  return readings[2 * (HISTORY_STEPS - 1 - Math.min(ago, Math.max(0, count - 1))) + axis]!;
}

/** Length of a history in a stream's state: readings, means, count. */
const STATE_LENGTH: number = 2 * HISTORY_STEPS + 2 * MEANS + 1;

/** As part of a stream's state: [STATE_LENGTH]. */
export function historyState({ readings, means, count }: History): ModelState {
  const history = new Float32Array(STATE_LENGTH);
  history.set(readings);
  history.set(means, readings.length);
  history[STATE_LENGTH - 1] = count;
  return { history };
}

/** The reverse; undefined if the state is from another model. */
export function historyOf({ history }: ModelState): History | undefined {
  if (history?.length !== STATE_LENGTH) return undefined;
  return {
    readings: history.subarray(0, 2 * HISTORY_STEPS),
    means: history.subarray(2 * HISTORY_STEPS, STATE_LENGTH - 1),
    count: history[STATE_LENGTH - 1]!,
  };
}

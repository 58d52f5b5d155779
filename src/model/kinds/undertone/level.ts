import type { ModelState } from '../../../types.ts';

/**
 * The reading of a stream: a running mean of the network's outputs since the song began, whose newest output counts at
 * least `leastShare`. Errors of single outputs average out, and slow changes within a song are followed. With a constant
 * share this is the steady state of a Kalman filter for a random walk that is observed with noise (Kalman 1960), and the
 * larger shares at the beginning are its first steps from an unknown level.
 */
export interface Level {
  readonly valence: number;
  readonly arousal: number;
  /** Steps that it is a mean of; 0 before the first. */
  readonly steps: number;
}

export const NO_LEVEL: Level = { valence: 0, arousal: 0, steps: 0 };

/** @param leastShare above 0; at 1 the level is the output */
export function nextLevel(level: Level, valence: number, arousal: number, leastShare: number): Level {
  const share = Math.max(1 / (level.steps + 1), leastShare);
  return {
    valence: level.valence + share * (valence - level.valence),
    arousal: level.arousal + share * (arousal - level.arousal),
    steps: 1 / share,
  };
}

/** The level as part of a stream's state. */
export function levelState({ valence, arousal, steps }: Level): ModelState {
  return { level: Float32Array.of(valence, arousal, steps) };
}

/** The reverse; undefined if the state is from another model. */
export function levelOf({ level }: ModelState): Level | undefined {
  if (level?.length !== 3) return undefined;
  return { valence: level[0]!, arousal: level[1]!, steps: level[2]! };
}

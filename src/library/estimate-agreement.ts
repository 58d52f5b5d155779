import { camelotSteps, parseKey } from './music/musical-key.ts';
import type { TrackStore } from './store/track-store.ts';

/** Accuracy 1 of Gouyon et al. (2006): within 4 % of the known tempo. */
const TEMPO_TOLERANCE = 0.04;
/** Accuracy 2 of the same: also within 4 % of these multiples of it. */
const MULTIPLES = [1 / 3, 1 / 2, 2, 3];

export interface Agreement {
  /** Tracks with a tempo from a tag or another program, and how many of the estimates agree. */
  readonly tempo: { readonly n: number; readonly equal: number; readonly multiple: number };
  /** The same for keys; a neighbor is one step away on the Camelot wheel. */
  readonly key: { readonly n: number; readonly equal: number; readonly neighbor: number };
}

/** How well the estimates of tempo and key agree with those of tags and other programs. */
export function agreement(estimates: ReturnType<TrackStore['estimates']>): Agreement {
  const tempo = { n: 0, equal: 0, multiple: 0 };
  const key = { n: 0, equal: 0, neighbor: 0 };
  for (const one of estimates) {
    if (one.bpm !== null) {
      const near = (factor: number) =>
        one.estimatedBpm !== null && Math.abs(one.estimatedBpm / (one.bpm! * factor) - 1) <= TEMPO_TOLERANCE;
      tempo.n++;
      if (near(1)) tempo.equal++;
      else if (MULTIPLES.some(near)) tempo.multiple++;
    }
    const known = one.key === null ? undefined : parseKey(one.key);
    if (!known) continue;
    const estimated = one.estimatedKey === null ? undefined : parseKey(one.estimatedKey);
    const steps = estimated ? camelotSteps(known, estimated) : Number.POSITIVE_INFINITY;
    key.n++;
    if (steps === 0) key.equal++;
    else if (steps === 1) key.neighbor++;
  }
  return { tempo, key };
}

import type { ScoredStep } from '../../evaluate/scored-steps.ts';
import { bySong } from '../folds.ts';

/** The rule of A″: a track fits if its first emotion is within this distance of the forecast one on both axes. */
export const TOLERANCE = 0.05;
const LIBRARY = 100;

export interface FitRule {
  readonly songs: number;
  /** Share of all pairs of songs that fit by the labels at the end of the first and the start of the second. */
  readonly fits: number;
  readonly library: number;
  /** Share of songs after which none of `library` random songs fits. */
  readonly stranded: number;
  /** Precision and recall of pairs that fit by the predictions of a system, against those that fit by the labels. */
  readonly systems: readonly {
    readonly title: string;
    readonly precision: number;
    readonly recall: number;
  }[];
}

interface Point {
  readonly valence: number;
  readonly arousal: number;
}

/** @param systems predictions of each, in the order of `songs`, the song keys of the steps */
export function fitRule(
  systems: readonly { readonly title: string; readonly steps: readonly ScoredStep[] }[],
  songs: readonly string[],
): FitRule {
  const ends = systems.map(({ steps }) =>
    [...bySong(steps, songs).values()].map((song) => ({ first: song[0]!, last: song.at(-1)! })),
  );
  const truth = ends[0]!;
  const n = truth.length;
  const found = systems.map(() => ({ claimed: 0, right: 0 }));
  let [fits, stranded] = [0, 0];
  for (let a = 0; a < n; a++) {
    let ofThis = 0;
    for (let b = 0; b < n; b++) {
      if (a === b) continue;
      const fit = near(truth[a]!.last.label, truth[b]!.first.label);
      if (fit) ofThis++;
      for (const [s, songsOf] of ends.entries()) {
        if (!near(songsOf[a]!.last.predicted, songsOf[b]!.first.predicted)) continue;
        found[s]!.claimed++;
        if (fit) found[s]!.right++;
      }
    }
    fits += ofThis;
    stranded += (1 - ofThis / (n - 1)) ** LIBRARY;
  }
  return {
    songs: n,
    fits: fits / (n * (n - 1)),
    library: LIBRARY,
    stranded: stranded / n,
    systems: systems.map(({ title }, s) => ({
      title,
      precision: found[s]!.right / found[s]!.claimed,
      recall: found[s]!.right / fits,
    })),
  };
}

function near(a: Point, b: Point): boolean {
  return Math.abs(a.valence - b.valence) <= TOLERANCE && Math.abs(a.arousal - b.arousal) <= TOLERANCE;
}

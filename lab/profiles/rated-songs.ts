import type { RatedReading } from '../../src/profiles/fit-scale.ts';
import type { Axis } from '../../src/types.ts';
import type { ScoredStep } from '../evaluate/scored-steps.ts';

/** One song of a listener group, on one axis. */
export interface RatedSong extends RatedReading {
  /** Prediction and label of each step. */
  readonly steps: readonly RatedReading[];
}

/** The songs of a fold: `reading` and `rating` are the means over the song's labeled steps. */
export function ratedSongs(steps: readonly ScoredStep[], axis: Axis): RatedSong[] {
  const songs = new Map<string, RatedReading[]>();
  for (const { song, predicted, label } of steps) {
    const own = songs.get(song) ?? [];
    own.push({ reading: predicted[axis], rating: label[axis] });
    songs.set(song, own);
  }
  return [...songs.values()].map((own) => ({
    steps: own,
    reading: mean(own.map(({ reading }) => reading)),
    rating: mean(own.map(({ rating }) => rating)),
  }));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

import { PAIRS } from '../../model/pair-forecaster.ts';
import { STEP_SECONDS } from '../../types.ts';
import type { LabelledSong } from './label-runs.ts';

/** Seconds ahead that are asked for. */
export const HORIZONS = [0.5, 1, 2, 5] as const;
/** The same in steps. */
export const AHEAD: readonly number[] = HORIZONS.map((seconds) => seconds / STEP_SECONDS);

/** Every ten pairs in a row of some songs, and what came after them. */
export interface PairWindows {
  readonly songs: readonly LabelledSong[];
  readonly count: number;
  /** [count, 2 · PAIRS] valence and arousal in turn, oldest first. */
  readonly pairs: Float32Array;
  /** [count, 2 · steps ahead] the pair so many steps after the last; NaN where the labels end before. */
  readonly later: Float32Array;
  /** [count] Index of the song. */
  readonly songOf: Uint32Array;
}

/** @param ahead steps, from the least on: a window is there where at least that one has a label */
export function pairWindows(songs: readonly LabelledSong[], ahead: readonly number[] = AHEAD): PairWindows {
  const places = songs.flatMap(({ runs }, song) =>
    runs.flatMap((run) => {
      const n = Math.max(0, run.length / 2 - PAIRS - ahead[0]! + 1);
      return Array.from({ length: n }, (_, first) => ({ song, run, first }));
    }),
  );
  const width = 2 * PAIRS;
  const windows = {
    songs,
    count: places.length,
    pairs: new Float32Array(places.length * width),
    later: new Float32Array(places.length * 2 * ahead.length).fill(Number.NaN),
    songOf: Uint32Array.from(places, ({ song }) => song),
  };
  for (const [i, { run, first }] of places.entries()) {
    windows.pairs.set(run.subarray(2 * first, 2 * (first + PAIRS)), i * width);
    for (const [k, steps] of ahead.entries()) {
      const at = 2 * (first + PAIRS - 1 + steps);
      if (at + 1 < run.length) windows.later.set(run.subarray(at, at + 2), 2 * (i * ahead.length + k));
    }
  }
  return windows;
}

/** Some of the windows, by their indices. */
export function windowsAt(windows: PairWindows, indices: readonly number[]): PairWindows {
  const pick = (values: Float32Array) => {
    const width = values.length / windows.count;
    const picked = new Float32Array(indices.length * width);
    for (const [to, from] of indices.entries())
      picked.set(values.subarray(from * width, (from + 1) * width), to * width);
    return picked;
  };
  return {
    songs: windows.songs,
    count: indices.length,
    pairs: pick(windows.pairs),
    later: pick(windows.later),
    songOf: Uint32Array.from(indices, (i) => windows.songOf[i]!),
  };
}

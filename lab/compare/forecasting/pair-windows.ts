import { STEP_SECONDS } from '../../../src/types.ts';
import type { Dataset, Song } from '../../datasets/dataset.ts';
import { songKey } from '../../datasets/song.ts';
import { PAIRS, type PairSeries } from './pair-forecaster.ts';

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

const STEP_MS = 500;
/** No song of any set is labelled further on than this. */
const LAST_MS = 15 * 60_000;

/** A song, and the stretches of it that are labelled without a gap. */
export interface LabelledSong {
  readonly song: Song;
  readonly runs: readonly PairSeries[];
}

/** All songs of a data set, each once. */
export function labelledSongs(dataset: Dataset): LabelledSong[] {
  const songs = new Map(dataset.clips.map(({ song }) => [songKey(song), song])).values();
  return [...songs].map((song) => ({ song, runs: runsOf(dataset, song) }));
}

function runsOf(dataset: Dataset, song: Song): PairSeries[] {
  const all: number[][] = [];
  let open: number[] | undefined;
  for (let ms = 0; ms <= LAST_MS; ms += STEP_MS) {
    const label = dataset.label(song, ms);
    if (!label) open = undefined;
    else {
      if (!open) {
        open = [];
        all.push(open);
      }
      open.push(label.valence, label.arousal);
    }
  }
  return all.map((run) => Float64Array.from(run));
}

import { STEP_SECONDS } from '../../../src/types.ts';
import type { Dataset, Song } from '../../datasets/dataset.ts';
import { songKey } from '../../datasets/song.ts';

/** Number of past pairs that a forecast uses: 5 s. */
export const PAIRS = 10;
/** Forecast horizons in seconds. */
export const HORIZONS = [0.5, 1, 2, 5] as const;
/** The same in steps. */
export const AHEAD: readonly number[] = HORIZONS.map((seconds) => seconds / STEP_SECONDS);

const STEP_MS = 1000 * STEP_SECONDS;
/** No song of any data set has labels after this time. */
const LAST_MS = 15 * 60_000;

/** A run of (valence, arousal) pairs, one every 500 ms: [n, 2] row-major. */
export type PairSeries = Float64Array;

/** A song and its runs of labels without gaps. */
export interface LabeledSong {
  readonly song: Song;
  readonly runs: readonly PairSeries[];
}

/** All songs of a data set, each once. */
export function labeledSongs(dataset: Dataset): LabeledSong[] {
  const songs = new Map(dataset.clips.map(({ song }) => [songKey(song), song])).values();
  return [...songs].map((song) => ({ song, runs: runsOf(dataset, song) }));
}

/** All windows of ten successive pairs of some songs, with the pairs that follow them. */
export interface PairWindows {
  readonly songs: readonly LabeledSong[];
  readonly count: number;
  /** [count, 2 · PAIRS] valence and arousal alternately, oldest first. */
  readonly pairs: Float32Array;
  /** [count, 2 · ahead.length] the pair at each number of steps after the last one; NaN after the end of the labels. */
  readonly later: Float32Array;
  /** [count] Index of the song. */
  readonly songOf: Uint32Array;
}

/** @param ahead in steps, ascending; a window needs a label at the first of them */
export function pairWindows(songs: readonly LabeledSong[], ahead: readonly number[] = AHEAD): PairWindows {
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

/** A selection of windows by index. */
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

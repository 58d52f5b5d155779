import type { PairSeries } from '../../model/pair-forecaster.ts';
import type { Dataset, Song } from '../../model/train/dataset.ts';
import { songKey } from '../../model/train/song.ts';

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

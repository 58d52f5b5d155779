import { UserError } from '../../src/user-error.ts';
import type { Dataset } from './dataset.ts';
import { type Clip, fractionOf, type Song, songKey } from './song.ts';

/**
 * `train` is what weights are fitted to; `validation` is for early stopping and calibration; `held-out` is only
 * reported: no choice ever depends on it.
 */
export type Part = 'train' | 'validation' | 'held-out';

/** Songs of each part, as `split.json` beside a model lists them. */
export type Split = Readonly<Record<Part, readonly string[]>>;

/** One split for all models, whatever the seed of their training, so that their scores are comparable. */
const SPLIT_SEED = 'undertone-1';
const HELD_OUT = 0.2;
const VALIDATION = 0.12;

/** The part that a song belongs to, by a hash of its artist: all songs of an artist are in the same part. */
export function partOf(song: Song): Part {
  const x = fractionOf(song, SPLIT_SEED);
  if (x < HELD_OUT) return 'held-out';
  return x < HELD_OUT + VALIDATION ? 'validation' : 'train';
}

export function splitSongs(songs: Iterable<Song>): Split {
  const split: Record<Part, string[]> = { train: [], validation: [], 'held-out': [] };
  for (const song of new Map([...songs].map((one) => [songKey(one), one])).values()) {
    split[partOf(song)].push(songKey(song));
  }
  return split;
}

/**
 * The clips of each part.
 *
 * @throws UserError `bad-data` if there is no clip for training or none for validation
 */
export function splitClips({ clips }: Dataset): Record<Part, Clip[]> {
  const parts: Record<Part, Clip[]> = { train: [], validation: [], 'held-out': [] };
  for (const clip of clips) parts[partOf(clip.song)].push(clip);
  for (const part of ['train', 'validation'] as const) {
    if (parts[part].length > 0) continue;
    throw new UserError(
      'bad-data',
      `No song falls into the ${part} part, which is split off by artist; give music of more artists.`,
    );
  }
  return parts;
}

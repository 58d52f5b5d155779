import { createHash } from 'node:crypto';
import { UserError } from '../../src/user-error.ts';
import type { Clip, Dataset } from './dataset.ts';
import { artistKey, type Song, songKey } from './song.ts';

export { artistKey, songKey };

/**
 * `train` is learned from, `validation` stops the training and calibrates, `held-out` is only reported:
 * nothing about it is ever chosen.
 */
export type Part = 'train' | 'validation' | 'held-out';

/** One split for all models, so that their figures compare: it does not depend on the seed of a training. */
const SPLIT_SEED = 'undertone-1';
const HELD_OUT = 0.2;
const VALIDATION = 0.12;

/** Which part a song belongs to: all songs of an artist fall into the same one, by a hash of the name. */
export function partOf({ artist }: Song): Part {
  const hash = createHash('sha256')
    .update(`${SPLIT_SEED}/${artistKey(artist)}`)
    .digest();
  const x = hash.readUInt32BE(0) / 2 ** 32;
  if (x < HELD_OUT) return 'held-out';
  return x < HELD_OUT + VALIDATION ? 'validation' : 'train';
}

/** Songs of each part, as `split.json` beside a model lists them. */
export type Split = Readonly<Record<Part, readonly string[]>>;

export function splitSongs(songs: Iterable<Song>): Split {
  const split: Record<Part, string[]> = { train: [], validation: [], 'held-out': [] };
  for (const song of new Map([...songs].map((one) => [songKey(one), one])).values()) {
    split[partOf(song)].push(songKey(song));
  }
  return split;
}

/** Clips by the part that their song falls into. @throws UserError `bad-data` where none is left to learn from or to validate */
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

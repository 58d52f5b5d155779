import { createHash } from 'node:crypto';
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

import { createHash } from 'node:crypto';
import { UserError } from '../../src/user-error.ts';
import { artistKey, type Song } from '../datasets/song.ts';
import { partOf } from '../datasets/split.ts';

/**
 * `folds`: folds of which no two share an artist, each judged in turn. `years`: learn from songs rated in one year,
 * judge those of another, and the reverse. `split`: learn from what a model learns from, judge what is held out.
 */
export const PROTOCOLS = ['folds', 'years', 'split'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const FOLD_SEED = 'undertone-folds-1';

/** One training and what it is judged by. Nothing is chosen by looking at the judged songs. */
export interface Fold {
  readonly name: string;
  readonly learns: (song: Song) => boolean;
  readonly judges: (song: Song) => boolean;
}

/** The trainings of a protocol over these songs. */
export function foldsOf(protocol: Protocol, songs: readonly Song[], count: number): Fold[] {
  switch (protocol) {
    case 'folds':
      return artistFolds(count);
    case 'years':
      return yearFolds(songs);
    case 'split':
      return [splitFold()];
  }
}

/** The same folds for all models, whatever the seed. */
export function artistFolds(count: number): Fold[] {
  return Array.from({ length: count }, (_, fold) => ({
    name: `fold ${fold + 1}`,
    learns: (song) => foldOf(song, count) !== fold,
    judges: (song) => foldOf(song, count) === fold,
  }));
}

function foldOf({ artist }: Song, count: number): number {
  const hash = createHash('sha256')
    .update(`${FOLD_SEED}/${artistKey(artist)}`)
    .digest();
  return Math.floor((hash.readUInt32BE(0) / 2 ** 32) * count);
}

/** The split of `undertone train`. Its validation songs are left out here, as nothing is validated. */
export function splitFold(): Fold {
  return {
    name: 'split',
    learns: (song) => partOf(song) === 'train',
    judges: (song) => partOf(song) === 'held-out',
  };
}

/** From one of the two years with most songs to the other, both ways: other songs, and other listeners. */
export function yearFolds(songs: readonly Song[]): Fold[] {
  const counts = new Map<number, number>();
  for (const { year } of songs) if (year !== undefined) counts.set(year, (counts.get(year) ?? 0) + 1);
  const years = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, 2);
  const [a, b] = years.sort();
  if (a === undefined || b === undefined) {
    throw new UserError(
      'bad-data',
      'The protocol "years" needs songs of two years, which are not known of these (in songs.csv: mediaeval_year); use --protocol folds.',
    );
  }
  return [acrossYears(songs, a, b), acrossYears(songs, b, a)];
}

function acrossYears(songs: readonly Song[], from: number, to: number): Fold {
  const judged = new Set(songs.filter(({ year }) => year === to).map(({ artist }) => artistKey(artist)));
  return {
    name: `${from} to ${to}`,
    learns: ({ year, artist }) => year === from && !judged.has(artistKey(artist)),
    judges: ({ year }) => year === to,
  };
}

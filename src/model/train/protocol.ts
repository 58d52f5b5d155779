import { createHash } from 'node:crypto';
import { UserError } from '../../user-error.ts';
import type { Song } from './dataset.ts';
import { artistKey } from './split.ts';

/** `artists`: folds of which no two share an artist. `years`: learn from songs rated in one year, judge those of another. */
export const PROTOCOLS = ['artists', 'years'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const FOLD_SEED = 'undertone-folds-1';

/** One training and what it is judged by. Nothing is chosen by looking at the judged songs. */
export interface Fold {
  readonly name: string;
  readonly learns: (song: Song) => boolean;
  readonly judges: (song: Song) => boolean;
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

/** From one of the two years with most songs to the other, both ways: other songs, and other listeners. */
export function yearFolds(songs: readonly Song[]): Fold[] {
  const counts = new Map<number, number>();
  for (const { year } of songs) if (year !== undefined) counts.set(year, (counts.get(year) ?? 0) + 1);
  const years = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, 2);
  const [a, b] = years.sort();
  if (a === undefined || b === undefined) {
    throw new UserError(
      'bad-data',
      'The protocol "years" needs songs of two years, but songs.csv has no column mediaeval_year with two of them; use --protocol artists.',
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

import { UserError } from '../../src/user-error.ts';
import { artistKey, fractionOf, type Song } from '../datasets/song.ts';
import { partOf } from '../datasets/split.ts';
import { GENRE_GROUPS, type GenreGroup, genreGroupOf } from './genre-groups.ts';

/**
 * `folds`: cross-validation over folds that share no artist. `years`: train on songs rated in one year, evaluate on
 * those of another, and the reverse. `split`: train on a model's training part, evaluate on its held-out part.
 * `genres`: train without one group of genres, evaluate on it, for each group.
 */
export const PROTOCOLS = ['folds', 'years', 'split', 'genres'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const FOLD_SEED = 'undertone-folds-1';

/** One training and its evaluation. No choice depends on the evaluated songs. */
export interface Fold {
  readonly name: string;
  /** Whether a song may be used for training. */
  readonly isTraining: (song: Song) => boolean;
  /** Whether a song is evaluated. */
  readonly isEvaluated: (song: Song) => boolean;
}

/** The folds of a protocol over these songs. */
export function foldsOf(protocol: Protocol, songs: readonly Song[], count: number): Fold[] {
  switch (protocol) {
    case 'folds':
      return artistFolds(count);
    case 'years':
      return yearFolds(songs);
    case 'genres':
      return genreFolds(songs);
    case 'split':
      return [splitFold()];
  }
}

/** Folds by a hash of the artist: the same for all models, whatever the seed. */
export function artistFolds(count: number): Fold[] {
  return Array.from({ length: count }, (_, fold) => ({
    name: `fold ${fold + 1}`,
    isTraining: (song) => foldOf(song, count) !== fold,
    isEvaluated: (song) => foldOf(song, count) === fold,
  }));
}

function foldOf(song: Song, count: number): number {
  return Math.floor(fractionOf(song, FOLD_SEED) * count);
}

/** The split of `undertone train`. Its validation songs are not used, as there is no early stopping. */
export function splitFold(): Fold {
  return {
    name: 'split',
    isTraining: (song) => partOf(song) === 'train',
    isEvaluated: (song) => partOf(song) === 'held-out',
  };
}

/** From one of the two years with the most songs to the other, both ways: other songs and other listeners. */
export function yearFolds(songs: readonly Song[]): Fold[] {
  const counts = new Map<number, number>();
  for (const { year } of songs) if (year !== undefined) counts.set(year, (counts.get(year) ?? 0) + 1);
  const years = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, 2);
  const [a, b] = years.sort();
  if (a === undefined || b === undefined) {
    throw new UserError(
      'bad-data',
      'The protocol "years" needs songs of two years (column mediaeval_year in songs.csv), but these songs do not have them; use --protocol folds.',
    );
  }
  return [acrossYears(songs, a, b), acrossYears(songs, b, a)];
}

function acrossYears(songs: readonly Song[], from: number, to: number): Fold {
  const isEvaluated = ({ year }: Song) => year === to;
  const isOther = otherArtists(songs.filter(isEvaluated));
  return {
    name: `${from} to ${to}`,
    isTraining: (song) => song.year === from && isOther(song),
    isEvaluated,
  };
}

/**
 * One fold for each group of genres that has songs, as a stand-in for music of another origin. Songs in no group are
 * always used for training, unless their artist is evaluated.
 *
 * @throws UserError `bad-data` if fewer than two groups have songs
 */
export function genreFolds(songs: readonly Song[]): Fold[] {
  const groups = Object.keys(GENRE_GROUPS) as GenreGroup[];
  const found = groups.filter((group) => songs.some(({ genre }) => genreGroupOf(genre) === group));
  if (found.length < 2) {
    throw new UserError(
      'bad-data',
      `The protocol "genres" needs songs of two groups of genres (column genre in songs.csv), but these songs have ${found.length === 0 ? 'none' : 'one'}; use --protocol folds.`,
    );
  }
  return found.map((group) => {
    const isEvaluated = ({ genre }: Song) => genreGroupOf(genre) === group;
    const isOther = otherArtists(songs.filter(isEvaluated));
    return { name: group, isTraining: (song) => !isEvaluated(song) && isOther(song), isEvaluated };
  });
}

/** Whether a song is by none of the artists of these songs. */
function otherArtists(songs: readonly Song[]): (song: Song) => boolean {
  const artists = new Set(songs.map(({ artist }) => artistKey(artist)));
  return ({ artist }) => !artists.has(artistKey(artist));
}

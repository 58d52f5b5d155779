import { hashOf } from '../train/random.ts';

export interface Song {
  /** Unique together with the artist. Data sets that share songs use the same ids for them. */
  readonly id: string;
  readonly artist: string;
  /** Year in which listeners rated the song; absent if unknown. */
  readonly year?: number;
  readonly title?: string;
  readonly genre?: string;
}

/** A stretch of a song that has an audio file. */
export interface Clip {
  readonly song: Song;
  /** Path of the audio file. */
  readonly path: string;
  /** The audio file as its data set names it: a path from the set's folder. */
  readonly file: string;
  /** Start of the clip on the song's label timeline. */
  readonly startMs: number;
}

/** Mean rating of the listeners, in [-1, 1]. */
export interface Label {
  readonly valence: number;
  readonly arousal: number;
  /** Standard deviation over listeners; absent if unknown. */
  readonly valenceSd?: number;
  readonly arousalSd?: number;
}

/** One key for all spellings of a name: letters and digits only, without case and accents. */
export function artistKey(artist: string): string {
  const key = artist
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return key || artist;
}

/** A number in [0, 1) from a hash of the artist's name, uniform over artists and independent for each salt. */
export function fractionOf({ artist }: Song, salt: string): number {
  return hashOf(`${salt}/${artistKey(artist)}`) / 2 ** 32;
}

/** Identifies a song over all data sets; the id alone may belong to another song elsewhere. */
export function songKey({ id, artist }: Song): string {
  return `${id}/${artistKey(artist)}`;
}

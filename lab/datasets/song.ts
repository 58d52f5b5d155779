export interface Song {
  /** Unique together with the artist; sets that share songs name them alike. */
  readonly id: string;
  readonly artist: string;
  /** The year whose listeners rated it; absent where it is not known. */
  readonly year?: number;
  readonly title?: string;
  readonly genre?: string;
}

/** A stretch of a song for which there is audio. */
export interface Clip {
  readonly song: Song;
  /** Path of the audio file, and as its set names it. */
  readonly path: string;
  readonly file: string;
  /** Where the clip begins on the song's label timeline. */
  readonly startMs: number;
}

/** What listeners said on average, in [-1, 1]. */
export interface Label {
  readonly valence: number;
  readonly arousal: number;
  /** Standard deviation over listeners; absent where it is not known. */
  readonly valenceSd?: number;
  readonly arousalSd?: number;
}

/** One key for all the ways a name is written: letters and digits only, no case, no accents. */
export function artistKey(artist: string): string {
  const key = artist
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return key || artist;
}

/** Names a song: its id alone could be another song's in other data. */
export function songKey({ id, artist }: Song): string {
  return `${id}/${artistKey(artist)}`;
}

/**
 * The answers of the API and of `--json` about a library. This file imports nothing, so that the client and the
 * dashboard can use it.
 */

/** A point of the plane. */
export interface Point {
  readonly valence: number;
  readonly arousal: number;
}

/** Where a tempo or key comes from: another program's collection, the file's tags, or undertone's estimate. */
export type Origin = 'import' | 'tag' | 'estimate';

/** A track, without its curve. */
export interface LibraryTrackInfo {
  id: number;
  path: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  genre: string | null;
  /** Stars, 1 to 5. */
  rating: number | null;
  bpm: number | null;
  bpmFrom: Origin | null;
  /** Such as `F#m`, and its place on the Camelot wheel, such as `11A`. */
  key: string | null;
  camelot: string | null;
  keyFrom: Origin | null;
  seconds: number;
  /** Integrated, LUFS. */
  loudness: number | null;
  valence: number;
  arousal: number;
  mood: string;
  /** The 5th and 95th percentiles. */
  low: Point;
  high: Point;
  opening: Point;
  ending: Point;
  model: string;
}

/** A track that may come next. */
export interface NextCandidate
  extends Pick<
    LibraryTrackInfo,
    'id' | 'path' | 'title' | 'artist' | 'bpm' | 'key' | 'camelot' | 'mood' | 'opening' | 'ending' | 'seconds'
  > {
  /** 0 … 1: exp(−cost / 2) relative to that of a track that fits perfectly. */
  score: number;
  /** In words, the strongest first. */
  reasons: string[];
}

export interface NextTracks {
  stream: string;
  /** Where its music is. */
  at: Point;
  /** Best first. */
  candidates: NextCandidate[];
}

export interface LibraryTracks {
  /** Number of tracks that match; `tracks` has at most `limit` of them. */
  total: number;
  tracks: LibraryTrackInfo[];
}

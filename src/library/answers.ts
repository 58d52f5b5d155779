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

/** How a point of the plane differs from another: by arousal, by valence. */
export type Difference = 'livelier' | 'calmer' | 'brighter' | 'darker';

/** Why a track may come next, as a code and values: what `reasons` states in English, for other languages. */
export type NextReason =
  | { readonly code: 'opens-at-forecast' | 'opening-uncertain' | 'same-artist' }
  | {
      readonly code: 'opens-near-forecast' | 'opens-off-forecast';
      readonly differences: readonly Difference[];
    }
  | { readonly code: 'within-tolerance'; readonly tolerance: number }
  | (Point & {
      readonly code: 'ends-as-wished' | 'ends-near-wish' | 'ends-off-wish';
      readonly differences: readonly Difference[];
    })
  | {
      readonly code: 'tempo';
      readonly bpm: number;
      readonly estimated: boolean;
      /** Change of the tempo; negative: slower. */
      readonly percent: number;
      /** 2 and 0.5: at double and half time. */
      readonly multiple: number;
    }
  | {
      readonly code: 'key';
      /** Places on the Camelot wheel: of the track that plays, and of this one. */
      readonly from: string;
      readonly to: string;
      readonly estimated: boolean;
      /** On the wheel. */
      readonly steps: number;
    };

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
  /** The same, as codes and values. */
  why: NextReason[];
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

/** The scan that brings the library of a server up to date. */
export interface LibraryScan {
  readonly state: 'scanning' | 'analyzing' | 'done' | 'stopped' | 'failed';
  /** Changed files that are finished, those that are new or have changed, and the finished ones that failed. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** Why the scan failed; null if it did not. */
  readonly message: string | null;
}

/** A folder of the library. */
export interface LibraryFolder {
  readonly path: string;
  readonly tracks: number;
  /** Length of its tracks together. */
  readonly seconds: number;
  /** Tracks whose files were not found at the last scan. */
  readonly missing: number;
  /** Files that could not be analyzed. */
  readonly failed: number;
}

/** `GET /v1/library/folders`. */
export interface LibraryFolders {
  readonly folders: LibraryFolder[];
  /** Folders of the configuration in which clients may add folders. */
  readonly allowed: string[];
  /** The scan that runs, or the last one since the start of the server. */
  readonly scan: LibraryScan | null;
}

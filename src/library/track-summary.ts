import { basename } from 'node:path';
import type { Point } from './analysis/curve.ts';
import { camelot, keyName } from './music/musical-key.ts';
import type { LibraryTrack, Origin } from './store/library-track.ts';

/** A track as the API and `--json` show it: without its curve. */
export interface TrackSummary {
  readonly id: number;
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly genre: string | null;
  /** Stars, 1 to 5. */
  readonly rating: number | null;
  readonly bpm: number | null;
  readonly bpmFrom: Origin | null;
  /** Such as `F#m`, and its place on the Camelot wheel, such as `11A`. */
  readonly key: string | null;
  readonly camelot: string | null;
  readonly keyFrom: Origin | null;
  readonly seconds: number;
  readonly loudness: number | null;
  readonly valence: number;
  readonly arousal: number;
  readonly mood: string;
  readonly low: Point;
  readonly high: Point;
  readonly opening: Point;
  readonly ending: Point;
  readonly model: string;
}

export function summaryOf(track: LibraryTrack): TrackSummary {
  const { id, path, title, artist, album, genre, rating, bpm, bpmFrom, key, keyFrom } = track;
  return {
    ...{ id, path, title, artist, album, genre, rating, bpm, bpmFrom },
    key: key && keyName(key),
    camelot: key && camelot(key),
    keyFrom,
    seconds: track.seconds,
    loudness: track.loudness,
    valence: track.valence,
    arousal: track.arousal,
    mood: track.mood,
    low: track.low,
    high: track.high,
    opening: pointOf(track.opening),
    ending: pointOf(track.ending),
    model: track.model,
  };
}

export const pointOf = ({ valence, arousal }: Point): Point => ({
  valence: Math.round(valence * 1e4) / 1e4,
  arousal: Math.round(arousal * 1e4) / 1e4,
});

/** `Artist – Title`, or the name of the file. */
export function trackName({ path, title, artist }: Pick<LibraryTrack, 'path' | 'title' | 'artist'>): string {
  if (title === null) return basename(path);
  return artist === null ? title : `${artist} – ${title}`;
}

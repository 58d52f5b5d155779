import { basename } from 'node:path';
import { roundTo } from '../frame-fields.ts';
import type { LibraryTrackInfo, Point } from './answers.ts';
import { camelot, keyName } from './music/musical-key.ts';
import type { LibraryTrack } from './store/library-track.ts';

export function summaryOf(track: LibraryTrack): LibraryTrackInfo {
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
  valence: roundTo(valence, 4),
  arousal: roundTo(arousal, 4),
});

/** `Artist – Title`, or the name of the file. */
export function trackName({ path, title, artist }: Pick<LibraryTrack, 'path' | 'title' | 'artist'>): string {
  if (title === null) return basename(path);
  return artist === null ? title : `${artist} – ${title}`;
}

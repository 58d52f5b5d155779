import type { Axis } from '../../types.ts';
import { readElements } from '../../util/xml-elements.ts';
import type { RatedFile } from './rated-file.ts';

/** `Rating` of a track for 1 to 5 stars; 0 is not rated. From Rekordbox's "XML format list". */
export const STARS: Readonly<Record<string, number>> = { '51': 1, '102': 2, '153': 3, '204': 4, '255': 5 };

/** Whether a file is a collection that Rekordbox exported. */
export const isRekordbox = (text: string): boolean =>
  /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<DJ_PLAYLISTS\b/s.test(text);

interface RekordboxTrack {
  readonly path: string;
  /** 1 to 5; undefined without a rating. */
  readonly stars: number | undefined;
  /** All of the XML. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Calls `onTrack` for each track of a collection.
 *
 * @param name of the file, for error messages
 * @throws UserError `bad-data` if it is not valid XML
 */
export function readTracks(text: string, name: string, onTrack: (track: RekordboxTrack) => void): void {
  readElements(text, { name, program: 'Rekordbox' }, (tag, attributes) => {
    const { Location, Rating = '' } = attributes;
    // Tracks within playlists are references, without a location.
    if (tag !== 'TRACK' || Location === undefined) return;
    onTrack({ path: pathOf(Location), stars: STARS[Rating], attributes });
  });
}

/**
 * The rated tracks of a collection: 1 to 5 stars become -1 to 1 on one axis.
 *
 * @throws UserError as `readTracks` does
 */
export function rekordboxRatings(text: string, name: string, axis: Axis): RatedFile[] {
  const ratings: RatedFile[] = [];
  readTracks(text, name, ({ path, stars }) => {
    if (stars === undefined) return;
    ratings.push({ file: path, valence: null, arousal: null, [axis]: (stars - 3) / 2 });
  });
  return ratings;
}

/** `file://localhost/C:/Music/a%20b.mp3` → `C:/Music/a b.mp3`, `file://localhost/Users/…` → `/Users/…`. */
function pathOf(location: string): string {
  const path = location.replace(/^file:\/\/(localhost)?/, '').replace(/^\/(?=[A-Za-z]:)/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // A % that is part of the name.
  }
}

import { SaxesParser } from 'saxes';
import type { Axis } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { RatedFile } from './rated-file.ts';

/** `Rating` of a track for 1 to 5 stars; 0 is not rated. From Rekordbox's "XML format list". */
export const STARS: Readonly<Record<string, number>> = { '51': 1, '102': 2, '153': 3, '204': 4, '255': 5 };

/** Whether a file is a collection that Rekordbox exported. */
export const isRekordbox = (text: string): boolean =>
  /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<DJ_PLAYLISTS\b/s.test(text);

/**
 * The rated tracks of a collection: 1 to 5 stars become -1 to 1 on one axis.
 *
 * @param name of the file, for error messages
 * @throws UserError `bad-data` if it is not valid XML
 */
export function rekordboxRatings(text: string, name: string, axis: Axis): RatedFile[] {
  const ratings: RatedFile[] = [];
  const parser = new SaxesParser();
  parser.on('error', (cause) => {
    throw new UserError(
      'bad-data',
      `${name} is not valid XML (${cause.message}): export it from Rekordbox again.`,
      {
        cause,
      },
    );
  });
  parser.on('opentag', ({ name: tag, attributes: { Location, Rating } }) => {
    const stars = STARS[Rating ?? ''];
    // Tracks within playlists are references, without a location.
    if (tag !== 'TRACK' || Location === undefined || stars === undefined) return;
    ratings.push({ file: pathOf(Location), valence: null, arousal: null, [axis]: (stars - 3) / 2 });
  });
  parser.write(text).close();
  return ratings;
}

/** `file://localhost/C:/Music/a%20b.mp3` → `C:/Music/a b.mp3`, `file://localhost/Users/…` → `/Users/…`. */
export function pathOf(location: string): string {
  const path = location.replace(/^file:\/\/(localhost)?/, '').replace(/^\/(?=[A-Za-z]:)/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // A % that is part of the name.
  }
}

import Database from 'libsql';
import { UserError } from '../../user-error.ts';
import { plausibleBpm } from '../file-tags.ts';
import { parseKey } from '../music/musical-key.ts';
import type { ForeignTrack } from './foreign-track.ts';

interface Row {
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly bpm: number | null;
  readonly key: string | null;
  readonly rating: number | null;
}

/** The tracks of Mixxx's mixxxdb.sqlite, which is not changed. @throws UserError `bad-data` */
export function readMixxx(file: string): ForeignTrack[] {
  const db = new Database(`file:${encodeURI(file).replace(/[?#]/g, encodeURIComponent)}?mode=ro`);
  try {
    const rows = db
      .prepare(
        `SELECT track_locations.location AS path, title, artist, bpm, key, rating
         FROM library JOIN track_locations ON library.location = track_locations.id
         WHERE mixxx_deleted = 0`,
      )
      .all() as Row[];
    return rows.map(({ bpm, key, rating, title, artist, path }) => ({
      path: path.replaceAll('\\', '/'),
      bpm: plausibleBpm(bpm ?? undefined),
      key: parseKey(key ?? '') ?? null,
      rating: rating !== null && rating >= 1 && rating <= 5 ? rating : null,
      title: title || null,
      artist: artist || null,
    }));
  } catch (cause) {
    const message = `${file} is not a database of Mixxx (${(cause as Error).message}): expected mixxxdb.sqlite.`;
    throw new UserError('bad-data', message, { cause });
  } finally {
    db.close();
  }
}

import { readFile } from 'node:fs/promises';
import { isRekordbox } from '../../profiles/ratings/rekordbox-ratings.ts';
import { UserError } from '../../user-error.ts';
import { decodeText } from '../../util/text.ts';
import type { ForeignTrack } from './foreign-track.ts';
import { readMixxx } from './mixxx.ts';
import { readRekordbox } from './rekordbox.ts';
import { readTraktor } from './traktor.ts';

const SQLITE = 'SQLite format 3\0';

/**
 * Reads the collection of another program, whatever the name of the file: Rekordbox XML, Traktor NML, or the database of
 * Mixxx.
 *
 * @throws UserError `no-file`, `bad-data`
 */
export async function readCollection(file: string): Promise<ForeignTrack[]> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError('no-file', `${file} cannot be read (${cause.code}): check the path.`, { cause });
  });
  if (bytes.subarray(0, SQLITE.length).toString('latin1') === SQLITE) return readMixxx(file);
  const text = decodeText(bytes);
  if (isRekordbox(text)) return readRekordbox(text, file);
  if (/<NML\b/.test(text.slice(0, 1000))) return readTraktor(text, file);
  throw new UserError(
    'bad-data',
    `${file} is not a collection: expected Rekordbox XML, Traktor's collection.nml or Mixxx's mixxxdb.sqlite; playlists go to "undertone library add".`,
  );
}

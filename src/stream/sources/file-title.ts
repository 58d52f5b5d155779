import { stat } from 'node:fs/promises';
import type { ICommonTagsResult } from 'music-metadata';
import type { TrackTitle } from '../../types.ts';
import { decodeTitle, trackTitle } from '../track-title.ts';

/** The title in the tags of a recording in any format; undefined without one. */
export async function fileTitle(path: string): Promise<TrackTitle | undefined> {
  // A named pipe has no tags that could be read beside its audio.
  if (!(await stat(path).catch(() => undefined))?.isFile()) return undefined;
  const { parseFile } = await import('music-metadata'); // Takes a while to load.
  const tags = await parseFile(path, { duration: false, skipCovers: true }).catch(() => undefined);
  const title = tags?.common.title;
  return title === undefined
    ? undefined
    : trackTitle(repaired(title), repaired(artistsOf(tags!.common) ?? ''));
}

/** A file may have a tag for each artist. `artists` may also be a list beside one tag that names them all. */
export const artistsOf = ({ artist, artists = [] }: ICommonTagsResult): string | undefined =>
  artists.length > 1 && artists[0] === artist ? artists.join(', ') : artist;

/** ID3 calls texts Latin-1 that often are something else. */
const repaired = (text: string): string =>
  /[^\0-\xff]/u.test(text) ? text : decodeTitle(Buffer.from(text, 'latin1'));

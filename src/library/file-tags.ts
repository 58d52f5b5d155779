import { parseFile, ratingToStars } from 'music-metadata';
import { parseKey } from './music/musical-key.ts';
import type { FileTags } from './store/library-track.ts';

export const NO_TAGS: FileTags = {
  title: null,
  artist: null,
  album: null,
  genre: null,
  bpm: null,
  key: null,
  rating: null,
};

/** Tempos outside this are not of music: 0 is "not known" in many programs. */
const MIN_BPM = 20;
const MAX_BPM = 400;

/** Reads the tags of a file. A file whose tags cannot be read has none: its audio may still be fine. */
export async function readFileTags(path: string): Promise<FileTags> {
  const { common } = await parseFile(path, { duration: false, skipCovers: true }).catch(() => ({
    common: undefined,
  }));
  if (!common) return NO_TAGS;
  const { bpm, rating } = common;
  const stars = rating?.[0]?.rating === undefined ? 0 : ratingToStars(rating[0].rating);
  return {
    title: textOf(common.title),
    artist: textOf(common.artist),
    album: textOf(common.album),
    genre: textOf(common.genre?.[0]),
    bpm: plausibleBpm(bpm),
    key: (common.key && parseKey(common.key)) || null,
    rating: stars >= 1 ? stars : null,
  };
}

/** Null for a number that is not a tempo. */
export function plausibleBpm(bpm: number | undefined): number | null {
  return bpm !== undefined && bpm >= MIN_BPM && bpm <= MAX_BPM ? bpm : null;
}

const textOf = (text: string | undefined): string | null => text?.replaceAll('\0', ' ').trim() || null;

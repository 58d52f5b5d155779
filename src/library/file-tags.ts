import { type IAudioMetadata, parseFile, ratingToStars } from 'music-metadata';
import { artistsOf } from '../stream/sources/file-title.ts';
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
  const tags = await parseFile(path, { duration: false, skipCovers: true }).catch(() => undefined);
  if (!tags) return NO_TAGS;
  const { common } = tags;
  const { bpm, rating } = common;
  const stars = rating?.[0]?.rating === undefined ? 0 : ratingToStars(rating[0].rating);
  return {
    title: textOf(common.title),
    artist: textOf(artistsOf(common)),
    album: textOf(common.album),
    genre: textOf(common.genre?.[0]),
    bpm: plausibleBpm(bpm),
    key: keyOf(common.key) ?? keyOf(initialKey(tags)) ?? null,
    rating: stars >= 1 ? stars : null,
  };
}

/** Null for a number that is not a tempo. */
export function plausibleBpm(bpm: number | undefined): number | null {
  return bpm !== undefined && bpm >= MIN_BPM && bpm <= MAX_BPM ? bpm : null;
}

const keyOf = (text: string | undefined) => (text === undefined ? undefined : parseKey(text));

/** `INITIALKEY`, as Mixed In Key and Traktor write it in Ogg and FLAC: music-metadata reads only `KEY` there. */
function initialKey({ native }: IAudioMetadata): string | undefined {
  const tag = native.vorbis?.find(({ id }) => /^initial_?key$/i.test(id));
  return typeof tag?.value === 'string' ? tag.value : undefined;
}

const textOf = (text: string | undefined): string | null => text?.replaceAll('\0', ' ').trim() || null;

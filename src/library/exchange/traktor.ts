import { readElements } from '../../util/xml-elements.ts';
import { plausibleBpm } from '../file-tags.ts';
import { type MusicalKey, parseKey } from '../music/musical-key.ts';
import type { ForeignTrack } from './foreign-track.ts';

/** `RANKING` of a track: 51 for each star. */
const RANKING_OF_A_STAR = 51;

type Attributes = Readonly<Record<string, string>>;

/** The tracks of Traktor's collection.nml. @throws UserError `bad-data` */
export function readTraktor(text: string, name: string): ForeignTrack[] {
  const tracks: ForeignTrack[] = [];
  let parts: Record<string, Attributes> | undefined;
  readElements(
    text,
    { name, program: 'Traktor' },
    (tag, attributes) => {
      if (tag === 'ENTRY') parts = { ENTRY: attributes };
      else if (parts) parts[tag] ??= attributes;
    },
    (tag) => {
      if (tag !== 'ENTRY') return;
      const track = parts && trackOf(parts);
      if (track) tracks.push(track);
      parts = undefined;
    },
  );
  return tracks;
}

function trackOf({
  ENTRY,
  LOCATION,
  INFO,
  TEMPO,
  MUSICAL_KEY,
}: Readonly<Record<string, Attributes>>): ForeignTrack | undefined {
  // Entries of playlists have a primary key instead.
  if (!LOCATION?.DIR || !LOCATION.FILE) return undefined;
  const stars = Math.round(Number(INFO?.RANKING ?? 0) / RANKING_OF_A_STAR);
  return {
    path: pathOf(LOCATION),
    bpm: plausibleBpm(Number(TEMPO?.BPM)),
    key: keyOf(MUSICAL_KEY?.VALUE) ?? parseKey(INFO?.KEY ?? '') ?? null,
    rating: stars >= 1 && stars <= 5 ? stars : null,
    title: ENTRY?.TITLE || null,
    artist: ENTRY?.ARTIST || null,
  };
}

/** `DIR="/:Users/:anna/:Music/:" FILE="a.mp3" VOLUME="C:"`; a Mac's volume has a name, which is no part of the path. */
function pathOf({ DIR, FILE, VOLUME }: Attributes): string {
  const folder = DIR!.replaceAll('/:', '/');
  return `${/^[A-Za-z]:$/.test(VOLUME ?? '') ? VOLUME : ''}${folder}${FILE}`;
}

/** 0 to 11: C to B major; 12 to 23: C to B minor. */
function keyOf(value: string | undefined): MusicalKey | undefined {
  if (value === undefined || !/^(1?\d|2[0-3])$/.test(value)) return undefined;
  return { tonic: Number(value) % 12, mode: Number(value) < 12 ? 'major' : 'minor' };
}

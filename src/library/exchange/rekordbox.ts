import { pathToFileURL } from 'node:url';
import type { Mood } from '../../mood.ts';
import { readTracks, STARS } from '../../profiles/ratings/rekordbox-ratings.ts';
import { escapeXml } from '../../util/xml-entities.ts';
import { plausibleBpm } from '../file-tags.ts';
import { keyName, parseKey } from '../music/musical-key.ts';
import type { LibraryTrack } from '../store/library-track.ts';
import type { ForeignTrack } from './foreign-track.ts';

/** The tracks of a collection that Rekordbox exported. @throws UserError `bad-data` */
export function readRekordbox(text: string, name: string): ForeignTrack[] {
  const tracks: ForeignTrack[] = [];
  readTracks(text, name, ({ path, stars, attributes: { AverageBpm, Tonality, Name, Artist } }) =>
    tracks.push({
      path,
      bpm: plausibleBpm(Number(AverageBpm)),
      key: parseKey(Tonality ?? '') ?? null,
      rating: stars ?? null,
      title: Name || null,
      artist: Artist || null,
    }),
  );
  return tracks;
}

/** The eight colors of Rekordbox, by mood; a track without one stays uncolored. */
const COLORS: Readonly<Partial<Record<Mood, string>>> = {
  happy: '0xFFFF00',
  excited: '0xFFA500',
  energetic: '0xFF0000',
  tense: '0xFF007F',
  gloomy: '0x660099',
  sad: '0x0000FF',
  subdued: '0x25FDE9',
  calm: '0x00FF00',
};

/** A collection for Rekordbox ("XML format list"): mood, valence and arousal as comment, the mood as color, a playlist for each mood. */
export function rekordboxXml(tracks: readonly LibraryTrack[]): string {
  const attributes = (values: Readonly<Record<string, string | number | null | undefined>>) =>
    Object.entries(values)
      .flatMap(([name, value]) => (value == null ? [] : `${name}="${escapeXml(String(value))}"`))
      .join(' ');
  const entries = tracks.map((track) => {
    const { id, title, artist, album, genre, seconds, bpm, key, rating, mood, valence, arousal, path } =
      track;
    return `    <TRACK ${attributes({
      TrackID: id,
      Name: title ?? path.split(/[\\/]/).at(-1),
      ...{ Artist: artist, Album: album, Genre: genre },
      TotalTime: Math.round(seconds),
      AverageBpm: bpm?.toFixed(2),
      Tonality: key && keyName(key),
      Rating: Object.keys(STARS).find((code) => STARS[code] === rating),
      Comments: `${mood}, valence ${valence.toFixed(2)}, arousal ${arousal.toFixed(2)}`,
      Colour: COLORS[mood],
      Location: pathToFileURL(path).href.replace(/^file:\/\//, 'file://localhost'),
    })}/>`;
  });
  const moods = [...new Set(tracks.map(({ mood }) => mood))].sort();
  const playlists = moods.map((mood) => {
    const own = tracks.filter((track) => track.mood === mood);
    const keys = own.map(({ id }) => `        <TRACK Key="${id}"/>`).join('\n');
    return `      <NODE Type="1" Name="${mood}" KeyType="0" Entries="${own.length}">\n${keys}\n      </NODE>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0">
  <PRODUCT Name="undertone" Version="1" Company=""/>
  <COLLECTION Entries="${tracks.length}">
${entries.join('\n')}
  </COLLECTION>
  <PLAYLISTS>
    <NODE Type="0" Name="ROOT" Count="${moods.length}">
${playlists.join('\n')}
    </NODE>
  </PLAYLISTS>
</DJ_PLAYLISTS>
`;
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFirst, listAudio, requireFirst } from '../files.ts';
import { assemble, type DatasetLayout } from '../layout.ts';
import { idOf, readPublishedCsv, readWideCsv } from '../published-csv.ts';
import type { Song } from '../song.ts';
import { timelinesOf } from '../timelines.ts';

const HOME = 'https://cvml.unige.ch/databases/DEAM/';
const DYNAMIC = 'annotations averaged per song/dynamic (per second annotations)';
const LABELS = ['', 'annotations', 'DEAM_Annotations', 'DEAM_Annotations/annotations'].map((place) =>
  join(place, DYNAMIC, 'arousal.csv'),
);
const AUDIO = ['MEMD_audio', 'DEAM_audio/MEMD_audio', 'audio'];
const METADATA = ['metadata', 'DEAM_metadata', 'DEAM_metadata/metadata', ''].map((place) =>
  join(place, 'metadata_2013.csv'),
);
const REMEDY = `get DEAM_audio.zip, DEAM_Annotations.zip and metadata.zip from ${HOME} and unpack them there`;

/**
 * DEAM (Aljanaki, Yang & Soleymani 2017), 1,802 songs: labels in [-1, 1] every 500 ms from 15 s on, on the
 * timeline of the audio file. The years are those of MediaEval; each year has its own raters.
 */
export const deam: DatasetLayout = {
  name: 'DEAM',
  mark: join('annotations', DYNAMIC, 'arousal.csv'),
  async detect(folder) {
    return findFirst(folder, LABELS) !== undefined;
  },

  async read(folder) {
    const labels = dirname(requireFirst(folder, LABELS, 'DEAM', REMEDY));
    const audio = await listAudio(requireFirst(folder, AUDIO, 'DEAM', REMEDY));
    const metadata = dirname(requireFirst(folder, METADATA, 'DEAM', REMEDY));
    const [valence, arousal] = await Promise.all(
      ['valence.csv', 'arousal.csv'].map((file) => readWideCsv(join(labels, file))),
    );
    const timelines = timelinesOf({ valence: valence!, arousal: arousal! }, 'DEAM');
    const songs = await readSongs(metadata);
    const withoutArtist = [...timelines.keys()].filter((id) => !songs.has(id));
    // A separate artist is safe: the song is in one part only. At worst an artist has one entry too many.
    for (const id of withoutArtist) songs.set(id, { id, artist: `DEAM song ${id}` });
    const notes =
      withoutArtist.length > 0
        ? [
            `DEAM: ${withoutArtist.length} songs have no artist in the metadata and count as artists of their own.`,
          ]
        : [];
    return assemble({ layout: 'DEAM', folder, songs, audio, timelines, notes, remedy: REMEDY });
  },
};

/** The tables of the three years differ, and rows of 2014 and 2015 have more fields than their headers. */
async function readSongs(folder: string): Promise<Map<string, Song>> {
  const songs = new Map<string, Song>();
  for (const year of [2013, 2014, 2015]) {
    const path = join(folder, `metadata_${year}.csv`);
    if (!existsSync(path)) continue;
    for (const row of await readPublishedCsv(path, ['artist'])) {
      const id = idOf(row('song_id') || row('id'));
      const artist = row('artist');
      if (id === '' || artist === '') continue;
      const [title, genre] = [row('song title') || row('track') || row('title'), row('genre')];
      songs.set(id, { id, artist, year, ...(title ? { title } : {}), ...(genre ? { genre } : {}) });
    }
  }
  return songs;
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFirst, listAudio, requireFirst } from '../files.ts';
import { assemble, type DatasetLayout } from '../layout.ts';
import { idOf, readPublishedCsv, readWideCsv, type WideTable } from '../published-csv.ts';
import type { Song } from '../song.ts';
import { timelinesOf } from '../timelines.ts';

const LABELS = ['annotations/arousal_cont_average.csv', 'arousal_cont_average.csv'];
const AUDIO = ['clips_45sec/clips_45seconds', 'clips_45seconds', 'clips_45sec', 'clips'];
const INFO = ['annotations/songs_info.csv', 'songs_info.csv'];
const REMEDY =
  'get clips_45sec and annotations from https://cvml.unige.ch/databases/emoMusic/ and unpack them there';

/**
 * emoMusic, also known as 1000 Songs (Soleymani et al. 2013), 744 songs: labels in [-1, 1] every 500 ms from 15 s
 * on, and the listeners' standard deviation. DEAM includes these songs as its songs of 2013, under the same ids.
 */
export const emoMusic: DatasetLayout = {
  name: 'emoMusic',
  mark: LABELS[0]!,
  async detect(folder) {
    return findFirst(folder, LABELS) !== undefined;
  },

  async read(folder) {
    const labels = dirname(requireFirst(folder, LABELS, 'emoMusic', REMEDY));
    const audio = await listAudio(requireFirst(folder, AUDIO, 'emoMusic', REMEDY));
    const info = requireFirst(folder, INFO, 'emoMusic', REMEDY);
    const table = async (file: string): Promise<WideTable | undefined> => {
      const path = join(labels, file);
      return existsSync(path) ? readWideCsv(path) : undefined;
    };
    const timelines = timelinesOf(
      {
        valence: await readWideCsv(join(labels, 'valence_cont_average.csv')),
        arousal: await readWideCsv(join(labels, 'arousal_cont_average.csv')),
        valenceSd: await table('valence_cont_std.csv'),
        arousalSd: await table('arousal_cont_std.csv'),
      },
      'emoMusic',
    );
    const rows = await readPublishedCsv(info, ['song_id', 'artist']);
    const songs = new Map(
      rows.map((row): [string, Song] => {
        const [id, title, genre] = [idOf(row('song_id')), row('song title'), row('genre')];
        const artist = row('artist') || `emoMusic song ${id}`;
        return [id, { id, artist, year: 2013, ...(title ? { title } : {}), ...(genre ? { genre } : {}) }];
      }),
    );
    return assemble({ layout: 'emoMusic', folder, songs, audio, timelines, remedy: REMEDY });
  },
};

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findFirst, listAudio, requireFirst } from '../files.ts';
import { assemble, type DatasetLayout, type Timeline } from '../layout.ts';
import { readWideCsv } from '../published-csv.ts';
import type { Song } from '../song.ts';
import { timelinesOf } from '../timelines.ts';
import { meanTimelines, readRatings } from './merp-ratings.ts';

const MARKS = ['annotations_raw.parquet', 'annotations_filtered.parquet', 'annotations/arousal.csv'];
const REMEDY =
  'get audio/ and annotations_raw.parquet from https://huggingface.co/datasets/amaai-lab/MERP and put them in that folder';

/**
 * MERP (Koh et al. 2023), 54 whole songs rated ten times a second from their beginning. Reads the authors' Parquet
 * files, preferring the raw ratings to the filtered ones, which are cut short for some songs; or tables in DEAM's
 * form, `annotations/valence.csv` and `annotations/arousal.csv`, with labels in [-1, 1].
 *
 * Four of its songs are from DEAM (`deam_115` and so on). They are left out: under a second id the same song could be
 * in two parts of a split. Artists are unknown, so each song counts as an artist of its own.
 */
export const merp: DatasetLayout = {
  name: 'MERP',
  mark: MARKS[0]!,
  async detect(folder) {
    // The names of the tables are not specific to MERP, but song ids of the form FOLDER_TRACK are.
    if (findFirst(folder, MARKS.slice(0, 2))) return true;
    return (
      existsSync(join(folder, MARKS[2]!)) &&
      [...(await listAudio(join(folder, 'audio'))).keys()].some(isOwnName)
    );
  },

  async read(folder) {
    const files = await listAudio(requireFirst(folder, ['audio'], 'MERP', REMEDY));
    const timelines = await readTimelines(folder);
    const ids = [...timelines.keys()].filter((id) => !id.startsWith('deam_'));
    const songs = new Map(
      ids.map((id): [string, Song] => [id, { id: `merp-${id}`, artist: `MERP song ${id}` }]),
    );
    const anchors = timelines.size - ids.length;
    const notes = [
      'MERP: its artists are unknown, so each song counts as an artist of its own.',
      ...(anchors > 0 ? [`MERP: ${anchors} songs are DEAM's and are left out.`] : []),
    ];
    return assemble({ layout: 'MERP', folder, songs, audio: files, timelines, notes, remedy: REMEDY });
  },
};

function isOwnName(name: string): boolean {
  return /^(\d+|deam)_\d+$/.test(name);
}

async function readTimelines(folder: string): Promise<Map<string, Timeline>> {
  const [raw, filtered] = MARKS.slice(0, 2).map((file) => join(folder, file));
  if (existsSync(raw!)) return meanTimelines(await readRatings(raw!), { raw: true });
  if (existsSync(filtered!)) return meanTimelines(await readRatings(filtered!), { raw: false });
  const table = (file: string) => readWideCsv(join(folder, 'annotations', file));
  const [valence, arousal] = [await table('valence.csv'), await table('arousal.csv')];
  return timelinesOf({ valence, arousal }, 'MERP');
}

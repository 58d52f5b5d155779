import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from './assemble.ts';
import { audioIn, findBelow, needBelow } from './find.ts';
import type { DatasetLayout, Timeline } from './layout.ts';
import { meanTimeline, readRatings } from './merp-ratings.ts';
import type { Song } from './song.ts';
import { timelinesOf } from './timelines.ts';
import { readWideCsv } from './wide-csv.ts';

const MARKS = ['annotations_raw.parquet', 'annotations_filtered.parquet', 'annotations/arousal.csv'];
const REMEDY =
  'get audio/ and annotations_raw.parquet from https://huggingface.co/datasets/amaai-lab/MERP and put them there';

/**
 * MERP (Koh et al. 2023), 54 whole songs rated ten times a second from their beginning. Read are the authors'
 * Parquet files, the raw ratings before the filtered ones, which are cut short for some songs; or tables in
 * DEAM's form, `annotations/valence.csv` and `annotations/arousal.csv`, whose labels are in [-1, 1] already.
 *
 * Four of its songs are DEAM's (`deam_115` and so on): they are left out, as under a name of their own they
 * would sit on both sides of a split. Artists are not told, so each song counts as an artist of its own.
 */
export const merp: DatasetLayout = {
  name: 'MERP',
  mark: MARKS[0]!,
  async detect(folder) {
    // The tables alone could be anybody's; songs named FOLDER_TRACK are MERP's.
    if (findBelow(folder, MARKS.slice(0, 2))) return true;
    return (
      existsSync(join(folder, MARKS[2]!)) &&
      [...(await audioIn(join(folder, 'audio'))).keys()].some(isOwnName)
    );
  },

  async read(folder) {
    const files = await audioIn(needBelow(folder, ['audio'], 'MERP', REMEDY));
    const timelines = await readTimelines(folder);
    const ids = [...timelines.keys()].filter((id) => !id.startsWith('deam_'));
    const songs = new Map(
      ids.map((id): [string, Song] => [id, { id: `merp-${id}`, artist: `MERP song ${id}` }]),
    );
    const anchors = timelines.size - ids.length;
    const notes = [
      'MERP: its artists are not known, so each song counts as an artist of its own.',
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
  if (existsSync(raw!)) return meanTimeline(await readRatings(raw!), { raw: true });
  if (existsSync(filtered!)) return meanTimeline(await readRatings(filtered!), { raw: false });
  const table = (file: string) => readWideCsv(join(folder, 'annotations', file));
  const [valence, arousal] = [await table('valence.csv'), await table('arousal.csv')];
  return timelinesOf({ valence, arousal }, 'MERP');
}

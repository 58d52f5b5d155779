import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CsvRow, numberIn, parseCsv } from '../../../src/util/read-csv.ts';
import { badData, type DatasetLayout } from '../layout.ts';
import { type Clip, type Label, type Song, songKey } from '../song.ts';
import { NO_TAGS, type TagTable, tagTable } from '../tags.ts';
import { labelSds } from '../timelines.ts';

/**
 * undertone's own layout: `clips.csv`, `dynamic.csv`, `songs.csv`, `audio/` and optionally `mood_tags.csv`. Nothing is
 * left out: every fault in it is an error.
 */
export const undertone: DatasetLayout = {
  name: 'undertone',
  mark: 'clips.csv',
  async detect(folder) {
    return ['clips.csv', 'dynamic.csv', 'songs.csv'].some((file) => existsSync(join(folder, file)));
  },

  async read(folder) {
    const [songRows, clipRows, labelRows] = await Promise.all([
      readTable(folder, 'songs.csv', ['song_id', 'artist']),
      readTable(folder, 'clips.csv', ['song_id', 'file', 'start_ms']),
      readTable(folder, 'dynamic.csv', ['song_id', 'time_ms', 'valence', 'arousal']),
    ]);
    const songs = new Map(songRows.map((row) => [row.song_id, songOf(row)]));
    const clips = clipRows.map((row) => clipOf(row, songs, folder));
    if (clips.length === 0) throw badData('clips.csv lists no clip', 'add rows to it');
    const labels = readLabels(labelRows);
    const unlabeled = clips.find((clip) => !labels.has(clip.song.id));
    if (unlabeled) {
      throw badData(
        `dynamic.csv has no label for song ${unlabeled.song.id}`,
        'add its labels or remove its clips',
      );
    }
    const tags = await readTags(folder, songs);
    const byKey = new Map([...songs.values()].map((song) => [songKey(song), labels.get(song.id)]));
    return {
      layout: 'undertone',
      folder,
      clips,
      timeline: (song) => byKey.get(songKey(song)),
      tags,
      notes: [],
    };
  },
};

async function readTable<Column extends string>(
  folder: string,
  file: string,
  columns: readonly Column[],
): Promise<CsvRow<Column>[]> {
  const path = join(folder, file);
  const content = await readFile(path).catch((cause: Error) => {
    throw badData(
      `${path} cannot be read (${cause.message})`,
      'pass a folder with clips.csv, dynamic.csv, songs.csv and audio/ to --data',
      cause,
    );
  });
  return parseCsv(content, file, columns);
}

function songOf(row: CsvRow<'song_id' | 'artist'>): Song {
  const { mediaeval_year: year, title, genre } = row as CsvRow<string>;
  return {
    id: row.song_id,
    artist: row.artist,
    ...(year ? { year: Number(year) } : {}),
    ...(title ? { title } : {}),
    ...(genre ? { genre } : {}),
  };
}

function clipOf(
  row: CsvRow<'song_id' | 'file' | 'start_ms'>,
  songs: ReadonlyMap<string, Song>,
  folder: string,
): Clip {
  const file = row.file;
  const song = songs.get(row.song_id);
  if (!song) throw badData(`clips.csv names song ${row.song_id}, which songs.csv lacks`, 'add it there');
  const path = join(folder, file);
  if (!existsSync(path)) throw badData(`${path} is missing`, 'add it or remove it from clips.csv');
  return { song, path, file, startMs: numberIn(row, 'start_ms', 'clips.csv') };
}

function readLabels(
  rows: readonly CsvRow<'song_id' | 'time_ms' | 'valence' | 'arousal'>[],
): Map<string, Map<number, Label>> {
  const labels = new Map<string, Map<number, Label>>();
  for (const row of rows) {
    const id = row.song_id;
    const ofSong = labels.get(id) ?? new Map<number, Label>();
    labels.set(id, ofSong);
    const [valence, arousal] = [
      numberIn(row, 'valence', 'dynamic.csv'),
      numberIn(row, 'arousal', 'dynamic.csv'),
    ];
    if (Math.abs(valence) > 1 || Math.abs(arousal) > 1) {
      throw badData(`dynamic.csv has a label outside -1 … 1 for song ${id}`, 'rescale the labels');
    }
    const { valence_sd: vSd, arousal_sd: aSd } = row as CsvRow<string>;
    const known = (sd: string | undefined) => (sd ? Number(sd) : undefined);
    ofSong.set(numberIn(row, 'time_ms', 'dynamic.csv'), {
      valence,
      arousal,
      ...labelSds(known(vSd), known(aSd)),
    });
  }
  return labels;
}

/** Reads the probabilities of mood tags that another tagger predicted; songs that are not in the set are ignored. */
async function readTags(folder: string, songs: ReadonlyMap<string, Song>): Promise<TagTable> {
  if (!existsSync(join(folder, 'mood_tags.csv'))) return NO_TAGS;
  const rows = (await readTable(folder, 'mood_tags.csv', ['song_id'])) as CsvRow<'song_id' | string>[];
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'song_id');
  const known = rows.filter((row) => songs.has(row.song_id as string));
  return tagTable(
    names,
    known.map((row) => [
      songs.get(row.song_id as string)!,
      names.map((name) => numberIn(row, name, 'mood_tags.csv')),
    ]),
  );
}

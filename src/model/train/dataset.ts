import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../user-error.ts';
import { type CsvRow, numberIn, parseCsv } from './csv.ts';

export interface Song {
  readonly id: string;
  readonly artist: string;
  /** The year whose listeners rated it, as `mediaeval_year` says; absent where there is no such column. */
  readonly year?: number;
}

/** A stretch of a song for which there is audio. */
export interface Clip {
  readonly song: Song;
  /** Path of the audio file, and as `clips.csv` names it. */
  readonly path: string;
  readonly file: string;
  /** Where the clip begins on the song's label timeline. */
  readonly startMs: number;
}

export interface Label {
  readonly valence: number;
  readonly arousal: number;
}

/** Music with continuous labels, in the layout of DEAM as undertone keeps it. */
export interface Dataset {
  readonly folder: string;
  readonly clips: readonly Clip[];
  /** What listeners said having heard the song up to `timeMs`; undefined where nobody was asked. */
  label(song: Song, timeMs: number): Label | undefined;
  /** Standardised logits of mood tags from another tagger, an auxiliary target; undefined where there are none. */
  tags(song: Song): Float32Array | undefined;
  readonly tagCount: number;
}

/**
 * Reads `clips.csv`, `dynamic.csv`, `songs.csv` and, if there, `mood_tags.csv`.
 *
 * @throws UserError `bad-data` naming the file and what is wrong in it
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const [songRows, clipRows, labelRows] = await Promise.all([
    readTable(folder, 'songs.csv', ['song_id', 'artist']),
    readTable(folder, 'clips.csv', ['song_id', 'file', 'start_ms']),
    readTable(folder, 'dynamic.csv', ['song_id', 'time_ms', 'valence', 'arousal']),
  ]);
  const songs = new Map(songRows.map((row) => [row.song_id, songOf(row)]));
  const clips = clipRows.map((row) => clipOf(row, songs, folder));
  if (clips.length === 0) throw badData('clips.csv lists no clip', 'add rows to it');
  const labels = readLabels(labelRows);
  const unlabelled = clips.find((clip) => !labels.has(clip.song.id));
  if (unlabelled) {
    throw badData(
      `dynamic.csv has no label for song ${unlabelled.song.id}`,
      'add its labels or remove its clips',
    );
  }
  const tags = await readTags(folder);
  return {
    folder,
    clips,
    label: (song, timeMs) => labels.get(song.id)?.get(timeMs),
    tags: (song) => tags.bySong.get(song.id),
    tagCount: tags.count,
  };
}

async function readTable<Column extends string>(
  folder: string,
  file: string,
  columns: readonly Column[],
): Promise<CsvRow<Column>[]> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw badData(
      `${path} cannot be read (${cause.message})`,
      'give with --data a folder that holds clips.csv, dynamic.csv, songs.csv and audio/',
      cause,
    );
  });
  return parseCsv(text, file, columns);
}

function songOf(row: CsvRow<'song_id' | 'artist'>): Song {
  const { mediaeval_year: year } = row as CsvRow<string>;
  return { id: row.song_id, artist: row.artist, ...(year ? { year: Number(year) } : {}) };
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
      throw badData(
        `dynamic.csv has a label outside -1 … 1 for song ${id}`,
        'bring the labels to that scale',
      );
    }
    ofSong.set(numberIn(row, 'time_ms', 'dynamic.csv'), { valence, arousal });
  }
  return labels;
}

async function readTags(folder: string): Promise<{ bySong: Map<string, Float32Array>; count: number }> {
  if (!existsSync(join(folder, 'mood_tags.csv'))) return { bySong: new Map(), count: 0 };
  const rows = (await readTable(folder, 'mood_tags.csv', ['song_id'])) as CsvRow<'song_id' | string>[];
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'song_id');
  const logits = rows.map((row) => names.map((name) => logit(numberIn(row, name, 'mood_tags.csv'))));
  for (const tag of names.keys()) {
    const mean = logits.reduce((sum, row) => sum + row[tag]!, 0) / logits.length;
    const sd = Math.sqrt(logits.reduce((sum, row) => sum + (row[tag]! - mean) ** 2, 0) / logits.length) || 1;
    for (const row of logits) row[tag] = (row[tag]! - mean) / sd;
  }
  return {
    bySong: new Map(rows.map((row, i) => [row.song_id as string, Float32Array.from(logits[i]!)])),
    count: names.length,
  };
}

function logit(p: number): number {
  const inside = Math.min(0.999, Math.max(0.001, p));
  return Math.log(inside / (1 - inside));
}

function badData(fault: string, remedy: string, cause?: Error): UserError {
  return new UserError(
    'bad-data',
    `The labelled music does not fit: ${fault}; ${remedy}.`,
    cause && { cause },
  );
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { splitCsv } from '../../src/util/read-csv.ts';
import { badData } from './layout.ts';

/*
 * Tables as the authors of data sets publish them: tabs and blanks around the fields, rows with more or fewer
 * fields than the header, column names in any case.
 */

/** Returns a field by its column name in lower case; '' if there is none. */
export type PublishedRow = (column: string) => string;

/** Values by song id, then by time in ms. */
export type WideTable = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * Reads a table with one record per row.
 *
 * @param columns required columns, in lower case
 * @throws UserError `bad-data` if the file cannot be read or lacks a required column
 */
export async function readPublishedCsv(path: string, columns: readonly string[]): Promise<PublishedRow[]> {
  const { header, rows } = await readPublishedTable(path);
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw badData(
      `${path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
      `download ${basename(path)} again`,
    );
  }
  const places = new Map(header.map((name, i) => [name, i]));
  return rows.map((row) => (column) => row[places.get(column) ?? -1] ?? '');
}

/**
 * Reads a table with one row per song and one column per time: `song_id, sample_15000ms, sample_15500ms, …`. Cells
 * may be empty.
 */
export async function readWideCsv(path: string): Promise<WideTable> {
  const { header, rows } = await readPublishedTable(path);
  const times = header.map((name) => Number(/^sample_(\d+)ms$/.exec(name)?.[1] ?? Number.NaN));
  if (header[0] !== 'song_id' || !times.some(Number.isFinite)) {
    throw badData(
      `${path} does not begin with song_id, sample_15000ms, …`,
      'download it again or give it that header',
    );
  }
  return new Map(
    rows.map(([id = '', ...cells]) => {
      const values = cells.flatMap((cell, i): [number, number][] => {
        const [ms, value] = [times[i + 1]!, cell === '' ? Number.NaN : Number(cell)];
        return Number.isFinite(ms) && Number.isFinite(value) ? [[ms, value]] : [];
      });
      return [idOf(id), new Map(values)];
    }),
  );
}

export async function readPublishedTable(path: string): Promise<{ header: string[]; rows: string[][] }> {
  const content = await readFile(path).catch((cause: Error) => {
    throw badData(`${path} cannot be read (${cause.message})`, 'download it again', cause);
  });
  const [header = [], ...rows] = splitCsv(content, path).map((row) =>
    row.map((field) =>
      field
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    ),
  );
  return { header: header.map((name) => name.toLowerCase()), rows };
}

/** Normalizes an id: the same number is written as 2, 2.0 or 002 in different files. */
export function idOf(text: string): string {
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? String(number) : text;
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { splitCsv } from './csv.ts';
import { badData } from './layout.ts';

/** One row by the names of the header, which are in lower case; what is not there is ''. */
export type LooseRow = (column: string) => string;

/**
 * Reads a table as authors publish them: tabs and blanks round the fields, rows with more or fewer fields
 * than the header, names in any case.
 *
 * @param columns that must be there
 */
export async function readLooseCsv(path: string, columns: readonly string[]): Promise<LooseRow[]> {
  const { header, rows } = await readLooseTable(path);
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw badData(
      `${path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
      `get ${basename(path)} anew from its authors`,
    );
  }
  const places = new Map(header.map((name, i) => [name, i]));
  return rows.map((row) => (column) => row[places.get(column) ?? -1] ?? '');
}

export async function readLooseTable(path: string): Promise<{ header: string[]; rows: string[][] }> {
  const content = await readFile(path).catch((cause: Error) => {
    throw badData(`${path} cannot be read (${cause.message})`, 'get it anew from its authors', cause);
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

/** Ids are numbers, which some files write as 2 and others as 2.0 or 002. */
export function idOf(text: string): string {
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? String(number) : text;
}

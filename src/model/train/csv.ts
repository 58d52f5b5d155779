import { UserError } from '../../user-error.ts';

/** One row, by the names of the header; columns that were not asked for are there as well. */
export type CsvRow<Column extends string = never> = Readonly<Record<Column, string>>;

/**
 * Parses comma-separated values with a header (RFC 4180: quoted fields may hold commas, quotes, line ends).
 *
 * @param name of the file, for faults
 * @throws UserError `bad-data` where a column of `columns` is missing or a row is short
 */
export function parseCsv<Column extends string>(
  text: string,
  name: string,
  columns: readonly Column[],
): CsvRow<Column>[] {
  const [header, ...rows] = splitCsv(text.replace(/^\uFEFF/, ''));
  const missing = columns.filter((column) => !header?.includes(column));
  if (!header || missing.length > 0) {
    throw new UserError(
      'bad-data',
      `${name} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; its first line must name ${columns.join(', ')}.`,
    );
  }
  return rows.map((fields, i) => {
    if (fields.length !== header.length) {
      throw new UserError(
        'bad-data',
        `Row ${i + 2} of ${name} has ${fields.length} fields where its header names ${header.length}; mend or remove that row.`,
      );
    }
    return Object.fromEntries(header.map((column, at) => [column, fields[at]!])) as CsvRow<Column>;
  });
}

/** A finite number out of a row, or a UserError that says where it is not one. */
export function numberIn<Column extends string>(row: CsvRow<Column>, column: Column, name: string): number {
  const text = row[column];
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UserError(
    'bad-data',
    `${name} has "${text}" in column ${column} of the row "${Object.values(row).join(',')}" where a number was expected; mend or remove that row.`,
  );
}

/** Rows of fields, without names. Empty lines are no rows. */
export function splitCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\n|\r|$)/y;
  while (field.lastIndex < text.length) {
    const [, raw = '', end = ''] = field.exec(text) ?? [];
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === ',' && field.lastIndex < text.length) continue;
    if (end === ',') row.push('');
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

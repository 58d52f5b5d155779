import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../../src/user-error.ts';

/** One row, by the names of the header; columns that were not asked for are there as well. */
export type CsvRow<Column extends string = never> = Readonly<Record<Column, string>>;

/**
 * Parses comma-separated values with a header.
 *
 * @param name of the file, for faults
 * @throws UserError `bad-data` where a quote is not closed, a column of `columns` is missing or a row is short
 */
export function parseCsv<Column extends string>(
  content: string | Uint8Array,
  name: string,
  columns: readonly Column[],
): CsvRow<Column>[] {
  const [header, ...rows] = splitCsv(content, name);
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

/**
 * Rows of fields, without names; empty lines are no rows. RFC 4180 with any line ends, in UTF-8 or, where a
 * byte order mark says so, UTF-16. A quote within a field that does not begin with one is part of the text.
 *
 * @throws UserError `bad-data` where a quote is not closed
 */
export function splitCsv(content: string | Uint8Array, name: string): string[][] {
  try {
    return parse(typeof content === 'string' ? content : Buffer.from(content), {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new UserError(
      'bad-data',
      `${name} is not a CSV file that can be read (${cause.message}); repair that line.`,
      { cause },
    );
  }
}

import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../user-error.ts';

/** One row by the column names of the header. Columns that the type does not list are present as well. */
export type CsvRow<Column extends string = never> = Readonly<Record<Column, string>>;

/**
 * Parses comma-separated values with a header.
 *
 * @param name of the file, for error messages
 * @throws UserError `bad-data` if a quote is not closed, a column of `columns` is missing or a row is too short
 */
export function parseCsv<Column extends string>(
  content: string | Uint8Array,
  name: string,
  columns: readonly Column[],
  delimiter?: string,
): CsvRow<Column>[] {
  const [header, ...rows] = splitCsv(content, name, delimiter);
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
        `Row ${i + 2} of ${name} has ${fields.length} fields, but its header names ${header.length}; repair or remove that row.`,
      );
    }
    return Object.fromEntries(header.map((column, at) => [column, fields[at]!])) as CsvRow<Column>;
  });
}

/** Returns a finite number from a row. @throws UserError `bad-data` that quotes the row if it is not a number */
export function numberIn<Column extends string>(row: CsvRow<Column>, column: Column, name: string): number {
  const text = row[column];
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UserError(
    'bad-data',
    `${name} has "${text}" in column ${column} of the row "${Object.values(row).join(',')}" where a number was expected; repair or remove that row.`,
  );
}

/**
 * Splits a file into rows of fields and skips empty lines. RFC 4180 with any line ends, in UTF-8, or in UTF-16 if
 * there is a byte order mark. A quote inside an unquoted field is part of the text.
 *
 * @throws UserError `bad-data` if a quote is not closed
 */
export function splitCsv(content: string | Uint8Array, name: string, delimiter = ','): string[][] {
  try {
    return parse(typeof content === 'string' ? content : Buffer.from(content), {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new UserError('bad-data', `${name} is not a valid CSV file (${cause.message}); repair that line.`, {
      cause,
    });
  }
}

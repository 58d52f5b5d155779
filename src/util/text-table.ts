import { printable } from './printable.ts';

export interface TextTableOptions {
  /** One letter per column, `l` or `r`. The last letter applies to all further columns. */
  readonly align?: string;
  /** In characters, for rows that are printed one by one. The last number applies to all further columns. */
  readonly minWidths?: readonly number[];
  /** Text before each line. */
  readonly indent?: string;
}

type Row = readonly string[];

/**
 * Formats rows as lines of aligned columns, two spaces apart. By default the first column is text and the others are
 * numbers. If a row has fewer cells than the first row, its last cell may be longer than its column.
 */
export function textTable(
  given: readonly Row[],
  { align = 'lr', minWidths = [0], indent = '' }: TextTableOptions = {},
): string {
  const rows = given.map((row) => row.map(printable));
  const columns = rows[0]?.length ?? 0;
  const width = (column: number) =>
    Math.max(
      minWidths[column] ?? minWidths.at(-1) ?? 0,
      ...rows.map((row) => (row.length < columns && column >= row.length - 1 ? 0 : row[column]!.length)),
    );
  const widths = Array.from({ length: columns }, (_, column) => width(column));
  const aligned = (cell: string, column: number, row: Row) => {
    if (row.length < columns && column === row.length - 1) return cell;
    const right = (align[column] ?? align.at(-1)) === 'r';
    return right ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  };
  return rows.map((row) => `${indent}${row.map(aligned).join('  ').trimEnd()}`).join('\n');
}

/** A Markdown table; the first column is text, the others are numbers. */
export function markdownTable(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [
    line(head),
    `|${head.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`,
    ...rows.map(line),
  ].join('\n');
}

/** A `|` or a line break, for example in an error message, would end the cell or the row. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

export interface TextTableOptions {
  /** One letter a column, `l` or `r`; the last one holds for all columns after it. */
  readonly align?: string;
  /** In characters; the last one holds for all columns after it. For rows that are printed one by one. */
  readonly minWidths?: readonly number[];
  /** Before each line. */
  readonly indent?: string;
}

type Row = readonly string[];

/**
 * Rows as lines of aligned columns, two spaces apart. By default the first column is text and the others are
 * numbers. The last cell of a row that is shorter than the first one may run on: it widens no column.
 */
export function textTable(
  rows: readonly Row[],
  { align = 'lr', minWidths = [0], indent = '' }: TextTableOptions = {},
): string {
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

/** A bar or a line end would end the cell or the row: an error's text may hold anything. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

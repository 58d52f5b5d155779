import { AXES } from '../../frame-fields.ts';
import type { Axis } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { type CsvRow, numberIn, parseCsv } from '../../util/read-csv.ts';
import type { RatedFile } from './rated-file.ts';

/** The lowest and the highest rating; they become -1 and 1. */
export interface RatingScale {
  readonly low: number;
  readonly high: number;
}

/**
 * Ratings from CSV: the column `file`, and `valence`, `arousal` or both. An empty cell is no rating. Spreadsheets of
 * countries with a decimal comma separate by semicolons, or by tabs: then `4,5` is 4.5.
 *
 * @param name of the file, for error messages
 * @throws UserError `bad-data` with the row that is wrong
 */
export function csvRatings(text: string, name: string, scale: RatingScale): RatedFile[] {
  const delimiter = delimiterOf(text);
  const rows = parseCsv(text, name, ['file'], delimiter).map((row) =>
    delimiter === ',' ? row : withDecimalPoints(row),
  );
  const [first] = rows;
  if (first && !('valence' in first) && !('arousal' in first)) {
    const message = `${name} lacks the columns valence and arousal: its first line must be file,valence,arousal.`;
    throw new UserError('bad-data', message);
  }
  return rows
    .map((row) => ({
      file: row.file,
      valence: ratingIn(row, 'valence', name, scale),
      arousal: ratingIn(row, 'arousal', name, scale),
    }))
    .filter(({ valence, arousal }) => valence !== null || arousal !== null);
}

function delimiterOf(text: string): string {
  const [header = ''] = text.split(/[\r\n]/, 1);
  return [',', ';', '\t'].find((one) => header.includes(one)) ?? ',';
}

type RatingRow = CsvRow<'file'> & Partial<CsvRow<Axis>>;

function withDecimalPoints(row: RatingRow): RatingRow {
  const axes = AXES.filter((axis) => row[axis] !== undefined);
  return { ...row, ...Object.fromEntries(axes.map((axis) => [axis, row[axis]!.replace(',', '.')])) };
}

function ratingIn(row: RatingRow, axis: Axis, name: string, { low, high }: RatingScale): number | null {
  if ((row[axis] ?? '').trim() === '') return null;
  const value = numberIn(row as CsvRow<'file' | Axis>, axis, name);
  if (value >= low && value <= high) return (2 * (value - low)) / (high - low) - 1;
  throw new UserError(
    'bad-data',
    `${name} rates ${row.file} with the ${axis} ${value}, outside ${low} to ${high}: correct it, or give the scale with --scale, such as --scale 1-9.`,
  );
}

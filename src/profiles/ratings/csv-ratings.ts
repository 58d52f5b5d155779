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
 * Ratings from CSV: the column `file`, and `valence`, `arousal` or both. An empty cell is no rating.
 *
 * @param name of the file, for error messages
 * @throws UserError `bad-data` with the row that is wrong
 */
export function csvRatings(text: string, name: string, scale: RatingScale): RatedFile[] {
  const rows = parseCsv(text, name, ['file']);
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

function ratingIn(
  row: CsvRow<'file'> & Partial<CsvRow<Axis>>,
  axis: Axis,
  name: string,
  { low, high }: RatingScale,
): number | null {
  if ((row[axis] ?? '').trim() === '') return null;
  const value = numberIn(row as CsvRow<'file' | Axis>, axis, name);
  if (value >= low && value <= high) return (2 * (value - low)) / (high - low) - 1;
  throw new UserError(
    'bad-data',
    `${name} rates ${row.file} with the ${axis} ${value}, outside ${low} to ${high}: correct it, or give the scale with --scale, such as --scale 1-9.`,
  );
}

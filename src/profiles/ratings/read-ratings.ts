import { readFile } from 'node:fs/promises';
import type { Axis } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { decodeText } from '../../util/text.ts';
import { csvRatings, type RatingScale } from './csv-ratings.ts';
import type { RatedFile } from './rated-file.ts';
import { isRekordbox, rekordboxRatings } from './rekordbox-ratings.ts';

export interface ReadRatingsOptions {
  /** The scale of the ratings in a CSV file. */
  readonly scale: RatingScale;
  /** The axis that the stars of a Rekordbox collection rate. */
  readonly axis: Axis;
}

/**
 * Reads the ratings of a CSV file with the columns file, valence and arousal, or of a Rekordbox collection.
 *
 * @throws UserError `cannot-read`, `bad-data`
 */
export async function readRatings(path: string, { scale, axis }: ReadRatingsOptions): Promise<RatedFile[]> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const message = `${path} cannot be read (${cause.code}): name a CSV file of ratings or a Rekordbox collection.`;
    throw new UserError('cannot-read', message, { cause });
  });
  const text = decodeText(bytes);
  const ratings = isRekordbox(text) ? rekordboxRatings(text, path, axis) : csvRatings(text, path, scale);
  if (ratings.length > 0) return ratings;
  throw new UserError('bad-data', `${path} has no ratings: rate 10 to 40 pieces.`);
}

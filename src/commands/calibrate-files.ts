import type { SkippedFile } from '../library/candidates.ts';
import { meanReadings } from '../library/mean-readings.ts';
import { ratedRecordings } from '../library/rated-recordings.ts';
import { type EngineName, loadEngine } from '../model/engine.ts';
import { fitProfile } from '../profiles/fit-profile.ts';
import type { Profile } from '../profiles/profile.ts';
import type { RatingScale } from '../profiles/ratings/csv-ratings.ts';
import { readRatings } from '../profiles/ratings/read-ratings.ts';
import type { Axis } from '../types.ts';
import { printable } from '../util/printable.ts';
import { createProgress } from './progress.ts';

export interface CalibrateFilesOptions {
  readonly ratings: string;
  readonly audio?: string | undefined;
  readonly name: string;
  readonly scale: RatingScale;
  readonly axis: Axis;
  readonly seconds: number;
  readonly model: string;
  readonly engine: EngineName | 'auto';
}

/**
 * Analyzes the rated recordings and fits a profile to their mean readings. Recordings that cannot be analyzed are
 * reported on standard error and left out.
 *
 * @throws UserError `cannot-read`, `bad-data`, `too-few-ratings`, and those of the model
 */
export async function calibrateFiles(options: CalibrateFilesOptions): Promise<Profile> {
  const { found, missing } = await ratedRecordings(
    await readRatings(options.ratings, options),
    options.audio,
  );
  for (const file of missing)
    report(`${file} was not found: give the folder of the recordings with --audio.`);
  const progress = createProgress();
  progress.begin('Analyzing', found.length);
  let done = 0;
  const skipped: SkippedFile[] = [];
  const { model, readings } = await meanReadings({
    ...options,
    files: found.map(({ file }) => file),
    engine: await loadEngine(options.engine),
    onFile: () => progress.to(++done),
    onSkipped: (one) => skipped.push(one),
  }).finally(() => progress.end());
  for (const { message } of skipped) report(message); // Only now, since the progress bar would overwrite it.
  const time = new Date();
  const ratings = found.flatMap(({ file, valence, arousal }) => {
    const reading = readings.get(file);
    return reading ? [{ piece: file, time: time.toISOString(), valence, arousal, reading }] : [];
  });
  return { version: 1, name: options.name, model, ratings, fit: fitProfile(ratings, { time }) };
}

function report(message: string): void {
  process.stderr.write(`undertone: Skipped: ${printable(message)}\n`);
}

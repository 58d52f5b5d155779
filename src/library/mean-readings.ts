import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import type { Engine } from '../model/engine.ts';
import { MeanReading, type Reading } from '../profiles/mean-reading.ts';
import { UserError } from '../user-error.ts';
import { CONCURRENCY, framesOf, loadAnalysis, type TrackAnalysis, trackOf } from './analyze-tracks.ts';
import type { SkippedFile } from './candidates.ts';

export interface MeanReadingsOptions {
  readonly files: readonly string[];
  /** Seconds of each file to analyze. */
  readonly seconds: number;
  readonly model: string;
  readonly engine: Engine;
  /** Called after each file. */
  readonly onFile?: () => void;
  /** Called for each file that cannot be read to its end or has no music. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
}

export interface MeanReadings {
  /** Name of the model. */
  readonly model: string;
  /** By file; without those that were skipped. */
  readonly readings: ReadonlyMap<string, Reading>;
}

/**
 * The mean reading of each file, from a fresh state and by the path of live audio.
 *
 * @throws UserError if the model cannot be loaded
 */
export async function meanReadings({
  files,
  seconds,
  model,
  engine,
  onFile = () => {},
  onSkipped = () => {},
}: MeanReadingsOptions): Promise<MeanReadings> {
  const analysis = await loadAnalysis(model, engine);
  const readings = new Map<string, Reading>();
  const analyze = async (file: string): Promise<void> => {
    try {
      readings.set(file, await meanReading(file, seconds, analysis));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      onSkipped({ file, code: error.code, message: error.message });
    } finally {
      onFile();
    }
  };
  try {
    await lastValueFrom(from(files).pipe(mergeMap(analyze, CONCURRENCY), toArray()));
    return { model: analysis.stepper.model.name, readings };
  } finally {
    await analysis.close();
  }
}

async function meanReading(path: string, seconds: number, analysis: TrackAnalysis): Promise<Reading> {
  const mean = new MeanReading();
  for await (const frame of framesOf(trackOf(path), analysis)) {
    mean.push(frame);
    if (frame.t >= seconds) break;
  }
  if (mean.reading) return mean.reading;
  throw new UserError(
    'no-music',
    `${path} has no music in its first ${seconds} s, so its rating does not count.`,
  );
}

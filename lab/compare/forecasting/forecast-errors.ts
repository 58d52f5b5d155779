import { readFile } from 'node:fs/promises';
import { writeResult } from '../writing.ts';
import type { Forecasts } from './forecaster.ts';
import type { PairWindows } from './pair-windows.ts';

/** Of one song at one horizon: sums of squared errors, and how many windows they are of. */
export type ErrorSums = readonly [valence: number, arousal: number, n: number];

/** [songs][horizons]; of songs without a window all is 0. */
export type ForecastErrors = readonly (readonly ErrorSums[])[];

export function errorsOf(say: Forecasts, windows: PairWindows): ForecastErrors {
  const said = say(windows);
  const { later, count, songOf, songs } = windows;
  const horizons = later.length / count / 2;
  const sums = songs.map(() => Array.from({ length: horizons }, (): [number, number, number] => [0, 0, 0]));
  for (let i = 0; i < said.length; i += 2) {
    if (Number.isNaN(later[i]!)) continue;
    const window = Math.floor(i / (2 * horizons));
    const sum = sums[songOf[window]!]![(i / 2) % horizons]!;
    sum[0] += (said[i]! - later[i]!) ** 2;
    sum[1] += (said[i + 1]! - later[i + 1]!) ** 2;
    sum[2]++;
  }
  if (!sums.flat(2).every(Number.isFinite)) throw new Error('it said what is no number');
  return sums;
}

export interface ForecastScores {
  /** Windows. */
  readonly n: number;
  /** Mean over both axes, as the literature gives it. */
  readonly mse: number;
  readonly valenceRmse: number;
  readonly arousalRmse: number;
}

/** All songs at one horizon. */
export function forecastScores(errors: ForecastErrors, horizon: number): ForecastScores {
  let [valence, arousal, n] = [0, 0, 0];
  for (const song of errors) {
    valence += song[horizon]![0];
    arousal += song[horizon]![1];
    n += song[horizon]![2];
  }
  return {
    n,
    mse: (valence + arousal) / (2 * n),
    valenceRmse: Math.sqrt(valence / n),
    arousalRmse: Math.sqrt(arousal / n),
  };
}

interface Kept {
  readonly key: unknown;
  readonly errors: ForecastErrors;
}

/** What was kept under the same key; undefined where there is none, or it is damaged. */
export async function readPart(path: string, key: unknown): Promise<ForecastErrors | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Kept; // written by this program and read by nothing else
    return JSON.stringify(kept.key) === JSON.stringify(key) ? kept.errors : undefined;
  } catch {
    return undefined;
  }
}

export function writePart(path: string, key: unknown, errors: ForecastErrors): Promise<void> {
  return writeResult(path, `${JSON.stringify({ key, errors } satisfies Kept)}\n`);
}

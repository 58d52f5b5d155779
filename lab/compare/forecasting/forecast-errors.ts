import { readFile } from 'node:fs/promises';
import { writeResult } from '../write-file.ts';
import type { Forecast } from './forecaster.ts';
import type { PairWindows } from './pair-windows.ts';

/** Sums of squared errors of one song at one horizon over `n` windows. */
type ErrorSums = readonly [valence: number, arousal: number, n: number];

/** [songs][horizons]; 0 for songs without windows. */
export type ForecastErrors = readonly (readonly ErrorSums[])[];

/** @throws Error when a forecast is not a finite number */
export function errorsOf(forecast: Forecast, windows: PairWindows): ForecastErrors {
  const predicted = forecast(windows);
  const { later, count, songOf, songs } = windows;
  const horizons = later.length / count / 2;
  const sums = songs.map(() => Array.from({ length: horizons }, (): [number, number, number] => [0, 0, 0]));
  for (let i = 0; i < predicted.length; i += 2) {
    if (Number.isNaN(later[i]!)) continue;
    const window = Math.floor(i / (2 * horizons));
    const sum = sums[songOf[window]!]![(i / 2) % horizons]!;
    sum[0] += (predicted[i]! - later[i]!) ** 2;
    sum[1] += (predicted[i + 1]! - later[i + 1]!) ** 2;
    sum[2]++;
  }
  if (!sums.flat(2).every(Number.isFinite)) throw new Error('its forecast is not a number');
  return sums;
}

export interface ForecastScores {
  /** Number of windows. */
  readonly n: number;
  /** Mean over both axes, as the literature reports it. */
  readonly mse: number;
  readonly valenceRmse: number;
  readonly arousalRmse: number;
}

/** Scores over all songs at one horizon. */
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

interface Stored {
  readonly key: unknown;
  readonly errors: ForecastErrors;
}

/** Reads stored errors; undefined when the file is missing, damaged, or has another key. */
export async function readErrors(path: string, key: unknown): Promise<ForecastErrors | undefined> {
  try {
    const stored = JSON.parse(await readFile(path, 'utf8')) as Stored; // this program wrote it, so it needs no validation
    return JSON.stringify(stored.key) === JSON.stringify(key) ? stored.errors : undefined;
  } catch {
    return undefined;
  }
}

/** @throws UserError `cannot-write` */
export function storeErrors(path: string, key: unknown, errors: ForecastErrors): Promise<void> {
  return writeResult(path, `${JSON.stringify({ key, errors } satisfies Stored)}\n`);
}

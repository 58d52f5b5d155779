import { Random } from '../../train/random.ts';
import type { ForecasterOutcome, ForecastOutcome } from '../forecasting/compare-forecasts.ts';
import { type ForecastErrors, type ForecastScores, forecastScores } from '../forecasting/forecast-errors.ts';
import { HORIZONS } from '../forecasting/pair-windows.ts';

/** 1 − MSE / MSE of a reference over both axes, with its 95 % interval over resamplings of the songs. */
export interface Gain {
  readonly gain: number;
  readonly low: number;
  readonly high: number;
}

/** One forecaster at one horizon. */
interface ForecastCell extends ForecastScores {
  /** Gain over persistence. */
  readonly skill: Gain;
  /** Gain of this project's forecaster over this one; absent for itself. */
  readonly ours?: Gain;
}

export interface ForecastRow {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** One for each horizon; absent when it failed. */
  readonly cells?: readonly ForecastCell[];
  readonly failure?: string;
}

export interface ForecastReport {
  readonly horizons: readonly number[];
  /** Folds by artist: no song of an artist is in both training and evaluation. */
  readonly byArtist: readonly ForecastRow[];
  /** The protocol of A′, where training and evaluated windows overlap. */
  readonly leaky: {
    /** Seconds from the last pair to the target. */
    readonly horizon: number;
    readonly songs: number;
    readonly year?: number;
    readonly rows: readonly ForecastRow[];
  };
}

const PERSISTENCE = 'persistence';
export const OURS = 'ours';
const LEAKY_SECONDS = 1;
const RESAMPLINGS = 500;

export function forecastReport({ byArtist, leaky }: ForecastOutcome): ForecastReport {
  const { outcomes, ...ofLeaky } = leaky;
  return {
    horizons: HORIZONS,
    byArtist: rowsOf(byArtist),
    leaky: { horizon: LEAKY_SECONDS, ...ofLeaky, rows: rowsOf(outcomes) },
  };
}

function rowsOf(outcomes: readonly ForecasterOutcome[]): ForecastRow[] {
  const errorsOf = (name: string) => outcomes.find(({ forecaster }) => forecaster.name === name)?.errors;
  const [reference, ours] = [errorsOf(PERSISTENCE), errorsOf(OURS)];
  return outcomes.map(({ forecaster: { name, title, about }, errors, failure }) => ({
    ...{ name, title, about },
    ...(failure !== undefined && { failure }),
    ...(errors &&
      reference && {
        cells: errors[0]!.map((_, horizon) => ({
          ...forecastScores(errors, horizon),
          skill: gainOf(errors, reference, horizon),
          ...(ours && ours !== errors && { ours: gainOf(ours, errors, horizon) }),
        })),
      }),
  }));
}

function gainOf(first: ForecastErrors, second: ForecastErrors, horizon: number): Gain {
  const gains = new Float64Array(RESAMPLINGS);
  const random = new Random(21);
  for (let i = 0; i < RESAMPLINGS; i++) {
    let [mine, theirs] = [0, 0];
    for (let k = 0; k < first.length; k++) {
      const song = random.below(first.length);
      const [a, b] = [first[song]![horizon]!, second[song]![horizon]!];
      mine += a[0] + a[1];
      theirs += b[0] + b[1];
    }
    gains[i] = 1 - mine / theirs;
  }
  gains.sort();
  return {
    gain: 1 - forecastScores(first, horizon).mse / forecastScores(second, horizon).mse,
    low: gains[Math.floor(0.025 * RESAMPLINGS)]!,
    high: gains[Math.ceil(0.975 * RESAMPLINGS) - 1]!,
  };
}

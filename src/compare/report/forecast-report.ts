import { Random } from '../../model/train/random.ts';
import type { DeployedReport } from '../forecasting/as-deployed.ts';
import type { ForecasterOutcome, ForecastOutcome } from '../forecasting/compare-forecasts.ts';
import { type ForecastErrors, type ForecastScores, forecastScores } from '../forecasting/forecast-errors.ts';
import { HORIZONS } from '../forecasting/pair-windows.ts';

/** One forecaster at one horizon. */
export interface ForecastCell extends ForecastScores {
  /** 1 − MSE / MSE of persistence, both axes; 95 % of resamplings of the songs give one between the two. */
  readonly skill: number;
  readonly skillLow: number;
  readonly skillHigh: number;
}

export interface ForecastRow {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** One for each horizon; absent where it failed. */
  readonly cells?: readonly ForecastCell[];
  readonly failure?: string;
}

export interface ForecastReport {
  readonly horizons: readonly number[];
  readonly honest: readonly ForecastRow[];
  readonly leaky: {
    /** Seconds from the last pair to the target. */
    readonly horizon: number;
    readonly songs: number;
    readonly year?: number;
    readonly rows: readonly ForecastRow[];
  };
  readonly deployed?: DeployedReport;
}

const PERSISTENCE = 'persistence';
const LEAKY_SECONDS = 1;
const RESAMPLINGS = 500;

export function forecastReport(
  { honest, leaky }: ForecastOutcome,
  deployed?: DeployedReport,
): ForecastReport {
  const { outcomes, ...ofLeaky } = leaky;
  return {
    horizons: HORIZONS,
    honest: rowsOf(honest),
    leaky: { horizon: LEAKY_SECONDS, ...ofLeaky, rows: rowsOf(outcomes) },
    ...(deployed && { deployed }),
  };
}

function rowsOf(outcomes: readonly ForecasterOutcome[]): ForecastRow[] {
  const reference = outcomes.find(({ forecaster }) => forecaster.name === PERSISTENCE)?.errors;
  return outcomes.map(({ forecaster: { name, title, about }, errors, failure }) => ({
    ...{ name, title, about },
    ...(failure !== undefined && { failure }),
    ...(errors && reference && { cells: errors[0]!.map((_, horizon) => cellOf(errors, reference, horizon)) }),
  }));
}

function cellOf(errors: ForecastErrors, reference: ForecastErrors, horizon: number): ForecastCell {
  const scores = forecastScores(errors, horizon);
  const skills = new Float64Array(RESAMPLINGS);
  const random = new Random(21);
  for (let i = 0; i < RESAMPLINGS; i++) {
    let [mine, theirs] = [0, 0];
    for (let k = 0; k < errors.length; k++) {
      const song = random.below(errors.length);
      const [a, b] = [errors[song]![horizon]!, reference[song]![horizon]!];
      mine += a[0] + a[1];
      theirs += b[0] + b[1];
    }
    skills[i] = 1 - mine / theirs;
  }
  skills.sort();
  return {
    ...scores,
    skill: 1 - scores.mse / forecastScores(reference, horizon).mse,
    skillLow: skills[Math.floor(0.025 * RESAMPLINGS)]!,
    skillHigh: skills[Math.ceil(0.975 * RESAMPLINGS) - 1]!,
  };
}

import { markdownTable } from '../../../src/util/text-table.ts';
import { type ForecastReport, type ForecastRow, type Gain, OURS } from './forecast-report.ts';
import { count, fixed, percent, scientific, signed } from './markdown.ts';

/** MSE over both axes, RMSE of each, and skill: one row for each forecaster and horizon. */
export function byArtistTable({ byArtist, horizons }: ForecastReport): string {
  const rows = horizons.flatMap((horizon, h) =>
    byArtist.map((row) => {
      const cell = row.cells?.[h];
      if (!cell) return [`${horizon} s, ${row.title}`, `failed in ${row.failure}`, '', '', '', ''];
      return [
        `${horizon} s, ${row.title}`,
        count(cell.n),
        scientific(cell.mse),
        fixed(cell.arousalRmse, 4),
        fixed(cell.valenceRmse, 4),
        skillOf(row, h),
      ];
    }),
  );
  return markdownTable(['horizon', 'windows', 'MSE', 'arousal RMSE', 'valence RMSE', 'skill (95 %)'], rows);
}

/** MSE and skill of each forecaster with the protocol of A′. */
export function shuffledTable({ leaky }: ForecastReport): string {
  const rows = leaky.rows.map((row) => {
    const cell = row.cells?.[0];
    if (!cell) return [row.title, `failed in ${row.failure}`, '', ''];
    return [row.title, count(cell.n), scientific(cell.mse), skillOf(row, 0)];
  });
  return markdownTable(['forecaster', 'windows', 'MSE', 'skill (95 %)'], rows);
}

/** Relative differences of MSE below this count as none; they would print as 0.0 %. */
const LEVEL = 5e-4;

/** Compares the forecast of this project with each other one: one sentence each. */
export function forecastLines({ byArtist, horizons }: ForecastReport): string[] {
  return byArtist
    .filter(({ name, cells }) => name !== OURS && cells?.[0]?.ours)
    .map(({ title, cells }) => {
      const gains = cells!.map(({ ours }) => ours!);
      if (gains.every(isLevel))
        return `- against ${title}: level, MSE within ${percent(LEVEL, 2)} at every horizon.`;
      const parts = horizons.map((horizon, h) => `at ${horizon} s: ${describeGain(gains[h]!)}`);
      return `- against ${title}: ${parts.join('; ')}.`;
    });
}

/** Whether the gain is negligible, even if it is significant. */
function isLevel({ gain }: Gain): boolean {
  return Math.abs(gain) < LEVEL;
}

function describeGain(one: Gain): string {
  if (isLevel(one)) return 'level';
  const { gain, low, high } = one;
  const size = percent(Math.abs(gain));
  const interval = `${size} ${gain > 0 ? 'less' : 'more'} MSE (${percent(low)} to ${percent(high)})`;
  return low <= 0 && high >= 0 ? `${interval}, not significant` : interval;
}

function skillOf({ cells, name }: ForecastRow, horizon: number): string {
  const { gain, low, high } = cells![horizon]!.skill;
  return name === 'persistence' ? '0' : `${signed(gain)} (${signed(low)} to ${signed(high)})`;
}

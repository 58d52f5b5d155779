import { AXES } from '../../model/evaluate.ts';
import type { ForecastReport, ForecastRow } from './forecast-report.ts';
import { count, fixed, listed, percent, scientific, signed, table } from './markdown.ts';

export const OURS = 'ours';

/** MSE over both axes, RMSE of each, and skill, a row for each forecaster and horizon. */
export function honestTable({ honest, horizons }: ForecastReport): string {
  const rows = horizons.flatMap((horizon, h) =>
    honest.map((row) => {
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
  return table(['horizon', 'windows', 'MSE', 'arousal RMSE', 'valence RMSE', 'skill (95 %)'], rows);
}

export function leakyTable({ leaky }: ForecastReport): string {
  const rows = leaky.rows.map((row) => {
    const cell = row.cells?.[0];
    if (!cell) return [row.title, `failed in ${row.failure}`, '', ''];
    return [row.title, count(cell.n), scientific(cell.mse), skillOf(row, 0)];
  });
  return table(['forecaster', 'windows', 'MSE', 'skill (95 %)'], rows);
}

/** Share of the MSE that is no difference: it would be shown as 0.0 %. */
const LEVEL = 5e-4;

/** Where ours is ahead of the others, where not, and where it is level. */
export function forecastLines({ honest, horizons }: ForecastReport): string[] {
  const ours = honest.find(({ name }) => name === OURS)?.cells;
  if (!ours) return [];
  return honest
    .filter(({ name, cells }) => name !== OURS && cells)
    .map(({ title, cells }) => {
      const gains = horizons.map((_, h) => 1 - ours[h]!.mse / cells![h]!.mse);
      if (gains.every((gain) => Math.abs(gain) < LEVEL)) {
        return `- against ${title}: level, MSE within ${percent(LEVEL, 2)} at every horizon.`;
      }
      const not = horizons.filter((_, h) => gains[h]! < LEVEL);
      const where =
        not.length === 0
          ? 'ahead at every horizon'
          : `not ahead at ${listed(not.map((horizon) => `${horizon} s`))}${not.length < horizons.length ? ', ahead at the others' : ''}`;
      return `- against ${title}: ${where} (less MSE by ${gains.map((gain) => percent(gain)).join(', ')}).`;
    });
}

export function deployedTable({ deployed }: ForecastReport): string {
  const rows = deployed!.horizons.flatMap(({ horizon, axes, share }) =>
    [AXES[1], AXES[0]].map((axis) => {
      const { n, persistence, forecast, whole } = axes[axis];
      return [
        `${horizon} s, ${axis}`,
        count(n),
        ...[persistence, forecast].map((x) => fixed(x, 4)),
        signed(1 - (forecast / persistence) ** 2, 4),
        percent(share[axis], 0),
        fixed(whole, 4),
      ];
    }),
  );
  return table(
    [
      'horizon',
      'steps',
      'RMSE if its last output stays',
      'RMSE as it forecasts',
      'skill',
      'of the expected change believed',
      'RMSE if all of it were',
    ],
    rows,
  );
}

/** Honest where the forecast in use is that nothing changes. */
export function deployedSentence({ deployed }: ForecastReport): string {
  const cells = deployed!.horizons.flatMap(({ axes, share }) =>
    AXES.map((axis) => ({ ...axes[axis], share: share[axis] })),
  );
  if (cells.every(({ share }) => share === 0)) {
    const gains = cells
      .filter(({ n }) => n > 0)
      .map(({ whole, persistence }) => 1 - (whole / persistence) ** 2);
    return `In use it believes nothing of the change that its networks expect, because on songs they had not learned from no more of it came true than chance could bring: its forecast is its last output, and its skill exactly 0. Had it believed all of it, the skill would lie between ${signed(Math.min(...gains), 4)} and ${signed(Math.max(...gains), 4)} here.`;
  }
  const ahead = cells.filter(({ forecast, persistence }) => forecast < persistence).length;
  return `Its forecast is nearer to the later label than its last output at ${ahead} of ${cells.length} horizons and axes.`;
}

function skillOf({ cells, name }: ForecastRow, horizon: number): string {
  const { skill, skillLow, skillHigh } = cells![horizon]!;
  return name === 'persistence' ? '0' : `${signed(skill)} (${signed(skillLow)} to ${signed(skillHigh)})`;
}

import { AXES } from '../../../src/types.ts';
import { markdownTable } from '../../../src/util/text-table.ts';
import { type ForecastReport, type ForecastRow, type Gain, OURS } from './forecast-report.ts';
import { count, fixed, percent, scientific, signed } from './markdown.ts';

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
  return markdownTable(['horizon', 'windows', 'MSE', 'arousal RMSE', 'valence RMSE', 'skill (95 %)'], rows);
}

export function leakyTable({ leaky }: ForecastReport): string {
  const rows = leaky.rows.map((row) => {
    const cell = row.cells?.[0];
    if (!cell) return [row.title, `failed in ${row.failure}`, '', ''];
    return [row.title, count(cell.n), scientific(cell.mse), skillOf(row, 0)];
  });
  return markdownTable(['forecaster', 'windows', 'MSE', 'skill (95 %)'], rows);
}

/** Share of the MSE that is no difference: it would be shown as 0.0 %. */
const LEVEL = 5e-4;

/** Where ours is ahead of the others, where not, and where it is level. */
export function forecastLines({ honest, horizons }: ForecastReport): string[] {
  return honest
    .filter(({ name, cells }) => name !== OURS && cells?.[0]?.ours)
    .map(({ title, cells }) => {
      const gains = cells!.map(({ ours }) => ours!);
      if (gains.every(isLevel))
        return `- against ${title}: level, MSE within ${percent(LEVEL, 2)} at every horizon.`;
      const told = horizons.map((horizon, h) => `at ${horizon} s ${gainTold(gains[h]!)}`);
      return `- against ${title}: ${told.join('; ')}.`;
    });
}

/** However sure it is. */
function isLevel({ gain }: Gain): boolean {
  return Math.abs(gain) < LEVEL;
}

function gainTold(one: Gain): string {
  if (isLevel(one)) return 'level';
  const { gain, low, high } = one;
  const size = percent(Math.abs(gain));
  const interval = `${size} ${gain > 0 ? 'less' : 'more'} MSE (${percent(low)} to ${percent(high)})`;
  if (low <= 0 && high >= 0) return `not told apart, ${interval}`;
  return `${gain > 0 ? 'ahead' : 'behind'}, ${interval}`;
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
  return markdownTable(
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
  const { gain, low, high } = cells![horizon]!.skill;
  return name === 'persistence' ? '0' : `${signed(gain)} (${signed(low)} to ${signed(high)})`;
}

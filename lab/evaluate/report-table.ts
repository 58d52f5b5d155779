import { AXES } from '../../src/types.ts';
import { textTable } from '../../src/util/text-table.ts';
import type { Report } from './evaluate.ts';
import type { TimeScores } from './over-time.ts';

const INDENT = '  ';

/** Formats a report as `undertone evaluate` prints it. */
export function reportTable(title: string, report: Report): string {
  const parts = [axisLines(report), separationLines(report), overTimeLines(report), forecastLines(report)];
  return [title, ...parts.filter((lines) => lines.length > 0).flatMap((lines) => ['', ...lines])].join('\n');
}

function axisLines({ axes, quadrants }: Report): string[] {
  const head = [
    'axis',
    'n',
    'RMSE',
    'constant',
    'MAE',
    'R2',
    'CCC',
    'r',
    'song r',
    '90 % coverage',
    'by thirds of sd',
    'width',
  ];
  const rows = AXES.map((axis) => {
    const a = axes[axis];
    return [
      axis,
      String(a.n),
      ...[a.rmse, a.constantRmse, a.mae, a.r2, a.ccc, a.r, a.songR].map(number),
      percent(a.coverage),
      a.coverageByThird.map((share) => (100 * share).toFixed(1)).join(' / '),
      number(a.width),
    ];
  });
  return [
    textTable([head, ...rows], { indent: INDENT }),
    `${INDENT}quadrant accuracy ${percent(quadrants.accuracy)}, macro F1 ${number(quadrants.macroF1)}`,
  ];
}

function separationLines({ separation }: Report): string[] {
  const { partialR, predictedR, labelR, weightedR2 } = separation;
  const head = ['valence and arousal', 'partial r', 'r predicted', 'r of labels', 'R2 valence', 'R2 arousal'];
  const row = ['', ...[partialR, predictedR, labelR, weightedR2.valence, weightedR2.arousal].map(number)];
  return [
    textTable([head, row], { indent: INDENT }),
    `${INDENT}partial r: of predicted and rated valence, with rated arousal held fixed; R2: with clips weighted so that rated valence and arousal are uncorrelated`,
  ];
}

function overTimeLines({ overTime }: Report): string[] {
  return overTime.some(({ clips }) => clips >= 2) ? [overTimeTable(overTime, INDENT)] : [];
}

/** One row for each time that at least two clips have. */
export function overTimeTable(overTime: readonly TimeScores[], indent = ''): string {
  const head = ['after', 'clips', ...AXES.flatMap((axis) => [`${axis} R2`, '90 % coverage'])];
  const known = overTime.filter(({ clips }) => clips >= 2);
  const rows = known.map(({ seconds, clips, axes }) => [
    `${seconds} s`,
    clips.toFixed(0), // a mean over years
    ...AXES.flatMap((axis) => [number(axes[axis].r2), percent(axes[axis].coverage)]),
  ]);
  return textTable([head, ...rows], { align: 'r', indent });
}

function forecastLines({ forecast }: Report): string[] {
  const head = [
    'forecast',
    'axis',
    'n',
    'RMSE',
    'persistence',
    'skill',
    'change R2',
    'label persistence',
    '90 % coverage',
    'width',
  ];
  const rows = forecast.flatMap(({ horizon, axes }) =>
    AXES.map((axis) => {
      const f = axes[axis];
      return [
        `+${horizon} s`,
        axis,
        String(f.n),
        number(f.rmse),
        number(f.persistenceRmse),
        number(f.skill),
        number(f.changeR2),
        number(f.labelPersistenceRmse),
        percent(f.coverage),
        number(f.width),
      ];
    }),
  );
  return [
    textTable([head, ...rows], { align: 'rlr', indent: INDENT }),
    `${INDENT}evaluated against later labels, although a forecast is of the model's own reading and its interval holds 90 % of those readings; persistence: repeat the current reading; label persistence: repeat the current label (not available in live use); change R2: R2 of the change of the labels`,
  ];
}

function number(x: number): string {
  return Number.isFinite(x) ? x.toFixed(3) : '–';
}

function percent(x: number): string {
  return Number.isFinite(x) ? `${(100 * x).toFixed(1)} %` : '–';
}

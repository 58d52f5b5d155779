import { textTable } from '../../src/util/text-table.ts';
import { overTimeTable } from '../evaluate/report-table.ts';
import type { FoldDetails } from '../train/protocol-scores.ts';

interface Line extends FoldDetails {
  readonly name: string;
}

export const COVERAGE_HEAD = [
  'coverage arousal',
  'by thirds of sd',
  'coverage valence',
  'by thirds of sd',
] as const;

/** The cells below COVERAGE_HEAD, in %. */
export function coverageCells({ arousal, valence }: FoldDetails['coverage']): string[] {
  return [arousal, valence].flatMap(({ coverage, coverageByThird }) => [
    percent(coverage),
    coverageByThird.map(percent).join(' / '),
  ]);
}

/** The tables that follow the scores of a protocol. @param lines one for each fold, then the one for all */
export function detailTables(lines: readonly Line[]): string {
  const head = ['', 'partial r', 'r predicted', 'r of labels', 'R2 arousal', 'R2 valence', ...COVERAGE_HEAD];
  const rows = lines.map(({ name, separation, coverage }) => [
    name,
    ...[
      separation.partialR,
      separation.predictedR,
      separation.labelR,
      separation.weightedR2.arousal,
      separation.weightedR2.valence,
    ].map((x) => x.toFixed(3)),
    ...coverageCells(coverage),
  ]);
  const intervals =
    lines.length > 1
      ? "90 % intervals are calibrated on the other folds' songs."
      : '90 % intervals before calibration.';
  const overTime = lines.at(-1)!.overTime;
  return [
    'Valence and arousal apart, and 90 % intervals:\n',
    textTable([head, ...rows]),
    '\nPartial r: of predicted and rated valence, with rated arousal held fixed. R2: with clips weighted so that rated',
    `valence and arousal are uncorrelated. Coverage in %. ${intervals}\n`,
    ...(overTime.some(({ clips }) => clips >= 2)
      ? [
          `Seconds since the beginning of a clip${lines.length > 1 ? ` (${lines.at(-1)!.name})` : ''}:\n`,
          overTimeTable(overTime),
        ]
      : []),
  ].join('\n');
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

import type { Axis } from '../../../src/types.ts';
import { markdownTable } from '../../../src/util/text-table.ts';
import { CLASS_NAMES } from '../../evaluate/class-probabilities.ts';
import { majorityShare } from '../../evaluate/classification.ts';
import type { TrackingScores } from '../../evaluate/tracking-scores.ts';
import type { Scheme } from '../system.ts';
import type { ComparisonReport } from './comparison-report.ts';
import { count, fixed, percent } from './markdown.ts';
import type { SystemReport } from './system-report.ts';

export function systemTable({ systems }: ComparisonReport): string {
  return markdownTable(
    ['system', 'name', 'what it is'],
    systems.map(({ title, name, about }) => [title, `\`${name}\``, about]),
  ).replace('|---|---:|---:|', '|---|---|---|');
}

/** One axis, a row for each system; a failed one says why. */
export function trackingTable({ systems, failed }: ComparisonReport, axis: Axis): string {
  const several = systems.some(({ folds }) => folds.length > 1);
  const head = [
    'system',
    'RMSE',
    ...(several ? ['by fold'] : []),
    'MAE',
    'R²',
    'CCC',
    ...(several ? ['by fold'] : []),
  ];
  const rows = systems.map((system) => {
    const a = system.axes[axis];
    const byFold = (of: (scores: TrackingScores) => number) =>
      several ? [meanAndSd(system.folds.map(({ axes }) => of(axes[axis])))] : [];
    const rmse = [fixed(a.rmse), ...byFold(({ rmse: x }) => x), fixed(a.mae), fixed(a.r2)];
    const ccc = [fixed(a.ccc), ...byFold(({ ccc: x }) => x), fixed(a.r), fixed(a.songR), percent(a.coverage)];
    return [system.title, ...rmse, ...ccc];
  });
  const columns = [...head, 'r', 'r within songs', '90 % holds'];
  const reasons = failed.map(({ title, failure }) => [
    title,
    `failed in ${failure}`,
    ...columns.slice(2).map(() => ''),
  ]);
  return markdownTable(columns, [...rows, ...reasons]);
}

export function classTable({ systems }: ComparisonReport, scheme: Scheme): string {
  const rows = systems.map(({ title, classes }) => {
    const { accuracy, precision, recall, f1, auc, trained } = classes[scheme];
    return [
      title,
      percent(accuracy),
      ...[precision, recall, f1, auc].map((x) => fixed(x)),
      trained ? 'yes' : 'no',
    ];
  });
  return markdownTable(['system', 'accuracy', 'precision', 'recall', 'F1', 'AUC', 'trained for it'], rows);
}

/** How often each class is true, and what always saying the most frequent one gives. */
export function classSentence({ systems }: ComparisonReport, scheme: Scheme): string {
  const { confusion } = systems[0]!.classes[scheme];
  const cases = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  const all = cases.reduce((sum, n) => sum + n, 0);
  const shares = cases.map((n, i) => `${CLASS_NAMES[scheme][i]} ${percent(n / all)}`).join(', ');
  return `True of the steps: ${shares}. To always say the most frequent is right in ${percent(majorityShare(confusion))}.`;
}

export function costTable({ systems }: ComparisonReport): string {
  const rows = systems.map(({ title, cost, seconds }) => [
    title,
    count(cost.parameters),
    count(cost.bytes / 1000),
    Number.isFinite(cost.msPerStep) ? fixed(cost.msPerStep, 2) : '–',
    fixed(seconds / 60, 1),
  ]);
  return markdownTable(
    ['system', 'parameters', 'kB', 'ms per step', 'minutes to learn and answer, all folds'],
    rows,
  );
}

/** The best by a score of those that can be in use, but for some. */
export function bestOther(
  systems: readonly SystemReport[],
  without: string,
  score: (system: SystemReport) => number,
): SystemReport | undefined {
  return systems
    .filter(({ name, oracle }) => !oracle && name !== without)
    .sort((a, b) => score(b) - score(a))[0];
}

function meanAndSd(values: readonly number[]): string {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  return `${fixed(mean)} ± ${fixed(sd)}`;
}

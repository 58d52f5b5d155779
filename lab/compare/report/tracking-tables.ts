import type { Axis } from '../../../src/types.ts';
import { markdownTable } from '../../../src/util/text-table.ts';
import { CLASS_NAMES, type Scheme } from '../../evaluate/classes.ts';
import { majorityShare } from '../../evaluate/classification.ts';
import type { TrackingScores } from '../../evaluate/score.ts';
import type { ComparisonReport } from './comparison-report.ts';
import { count, fixed, percent } from './markdown.ts';
import type { SystemReport } from './system-report.ts';

/** Title, name and description of each system. */
export function systemTable({ systems }: ComparisonReport): string {
  return markdownTable(
    ['system', 'name', 'description'],
    systems.map(({ title, name, about }) => [title, `\`${name}\``, about]),
  ).replace('|---|---:|---:|', '|---|---|---|');
}

/** Scores of one axis, one row for each system; failed ones with the reason. */
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
  const columns = [...head, 'r', 'r within songs', '90 % coverage'];
  const reasons = failed.map(({ title, failure }) => [
    title,
    `failed in ${failure}`,
    ...columns.slice(2).map(() => ''),
  ]);
  return markdownTable(columns, [...rows, ...reasons]);
}

/** Classification scores, one row for each system. */
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
  return markdownTable(
    ['system', 'accuracy', 'precision', 'recall', 'F1', 'AUC', 'trained classifier'],
    rows,
  );
}

/** Frequency of each class, and the accuracy of always predicting the most frequent one. */
export function classSentence({ systems }: ComparisonReport, scheme: Scheme): string {
  const { confusion } = systems[0]!.classes[scheme];
  const cases = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  const all = cases.reduce((sum, n) => sum + n, 0);
  const shares = cases.map((n, i) => `${CLASS_NAMES[scheme][i]} ${percent(n / all)}`).join(', ');
  return `Shares of the classes: ${shares}. Always predicting the most frequent class is right in ${percent(majorityShare(confusion))}.`;
}

/** Size and time of each system. */
export function costTable({ systems }: ComparisonReport): string {
  const rows = systems.map(({ title, cost, seconds }) => [
    title,
    count(cost.parameters),
    count(cost.bytes / 1000),
    Number.isFinite(cost.msPerStep) ? fixed(cost.msPerStep, 2) : '–',
    fixed(seconds / 60, 1),
  ]);
  return markdownTable(
    ['system', 'parameters', 'kB', 'ms per step', 'minutes of training and prediction, all folds'],
    rows,
  );
}

/** The system with the highest score, without oracles and without the system `without`. */
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

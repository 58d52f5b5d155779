import { AXES, type Axis } from '../../../src/types.ts';
import { markdownTable } from '../../../src/util/text-table.ts';
import { type ComparisonReport, REFERENCE } from './comparison-report.ts';
import { fixed, listed } from './markdown.ts';
import type { SystemReport } from './system-report.ts';

/** Both axes in the order of the report: arousal first. */
const ORDER: readonly Axis[] = [AXES[1], AXES[0]];

/** Table of the differences between undertone and each other system, by score. */
export function differenceTable({ systems }: ComparisonReport): string {
  const ours = systems.find(({ name }) => name === REFERENCE)!;
  const rows = competitors(systems).map((system) => [
    system.title,
    ...ORDER.flatMap((axis) => {
      const { low, high, difference } = system.against![axis];
      const [mine, other] = [ours.axes[axis], system.axes[axis]];
      const interval = `${lead(difference)} (${fixed(low)} to ${fixed(high)})`;
      return [
        low > 0 || high < 0 ? interval : `not significant: ${interval}`,
        lead(mine.r2 - other.r2),
        lead(mine.ccc - other.ccc),
      ];
    }),
  ]);
  const head = ORDER.flatMap((axis) => [`${axis} RMSE`, `${axis} R²`, `${axis} CCC`]);
  return markdownTable(['undertone against', ...head], rows);
}

/** The same as one sentence for each system. */
export function differenceLines({ systems }: ComparisonReport): string[] {
  const ours = systems.find(({ name }) => name === REFERENCE)!;
  return competitors(systems).map((system) => {
    const behind: string[] = [];
    const unsure: string[] = [];
    for (const axis of ORDER) {
      const { low, high } = system.against![axis];
      const [mine, other] = [ours.axes[axis], system.axes[axis]];
      if (high < 0) behind.push(`RMSE of ${axis}`);
      else if (low <= 0) unsure.push(`RMSE of ${axis}`);
      if (mine.r2 <= other.r2) behind.push(`R² of ${axis}`);
      if (mine.ccc <= other.ccc) behind.push(`CCC of ${axis}`);
    }
    const parts = [
      behind.length === 0
        ? 'ahead in RMSE, R² and CCC of both axes'
        : behind.length === 6
          ? 'behind in RMSE, R² and CCC of both axes'
          : `not ahead in ${listed(behind)}`,
      ...(unsure.length > 0 ? [`the difference in ${listed(unsure)} is not significant`] : []),
    ];
    return `- against ${system.title}: ${parts.join('; ')}.`;
  });
}

function competitors(systems: readonly SystemReport[]): SystemReport[] {
  return systems.filter(({ against, oracle }) => against && !oracle);
}

function lead(ahead: number): string {
  if (!Number.isFinite(ahead)) return '–';
  if (fixed(Math.abs(ahead)) === fixed(0)) return 'level';
  return `${ahead > 0 ? 'ahead' : 'behind'} by ${fixed(Math.abs(ahead))}`;
}

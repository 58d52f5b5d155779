import { escapeXml } from '../../src/util/xml-entities.ts';
import { widthOf } from './frame.ts';
import { type Chart, px } from './svg.ts';

interface MatrixChartOptions {
  readonly title: string;
  /** Names of rows and columns. */
  readonly names: readonly string[];
  readonly rowLabel: string;
  readonly columnLabel: string;
  /** [rows][columns] */
  readonly counts: readonly (readonly number[])[];
}

const CELL = 62;
const TOP = 44;
const BOTTOM = 26;

/** A matrix of shaded cells, each with its percentage of the row. */
export function matrixChart({ title, names, rowLabel, columnLabel, counts }: MatrixChartOptions): Chart {
  const left = 34 + Math.max(...names.map(widthOf));
  const size = CELL * names.length;
  const cells = counts.flatMap((row, r) => {
    const total = row.reduce((sum, n) => sum + n, 0);
    return row.map((n, c) => {
      const share = total > 0 ? n / total : 0;
      const [x, y] = [left + c * CELL, TOP + r * CELL];
      const [middle, center] = [px(x + CELL / 2), px(y + CELL / 2)];
      return `<rect x="${x}" y="${y}" width="${CELL - 2}" height="${CELL - 2}" fill="var(--c0)" fill-opacity="${px(0.85 * share)}"/><text class="name halo" x="${middle}" y="${center}" dy=".35em" text-anchor="middle">${Math.round(100 * share)} %</text>`;
    });
  });
  const labels = names.flatMap((name, i) => {
    const at = i * CELL + CELL / 2;
    return [
      `<text x="${left - 8}" y="${TOP + at}" dy=".35em" text-anchor="end">${escapeXml(name)}</text>`,
      `<text x="${left + at}" y="${TOP - 8}" text-anchor="middle">${escapeXml(name)}</text>`,
    ];
  });
  const body = [
    `<text class="title" x="${left}" y="16">${escapeXml(title)}</text>`,
    ...cells,
    ...labels,
    `<text x="${left + size / 2}" y="${TOP + size + 18}" text-anchor="middle">${escapeXml(columnLabel)}</text>`,
    `<text transform="translate(12 ${TOP + size / 2}) rotate(-90)" text-anchor="middle">${escapeXml(rowLabel)}</text>`,
  ];
  return {
    width: Math.max(left + size, left + widthOf(title)),
    height: TOP + size + BOTTOM,
    body: body.join('\n'),
  };
}

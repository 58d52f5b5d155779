import { CLASS_NAMES, SCHEMES, type Scheme } from '../../evaluate/classes.ts';
import type { Roc } from '../../evaluate/classification.ts';
import { calibrationPicture, scatterPicture } from '../../plots/evaluation-charts.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { matrixChart } from '../../plots/matrix-chart.ts';
import { type Chart, svgDocument } from '../../plots/svg.ts';
import { bySong } from '../folds.ts';
import type { SystemOutcome } from '../outcomes.ts';
import type { ComparisonReport } from './comparison-report.ts';
import { rocsOfSystem } from './system-report.ts';

/** An SVG file of the report, with its alternative text and its section. */
export interface Picture {
  readonly file: string;
  readonly alt: string;
  readonly section: 'tracking' | 'quadrants' | 'words' | 'learning';
  readonly svg: string;
}

/** Systems with their own pictures: one of each work, and this project's. */
const MAIN = ['undertone', 'seed-a', 'seed-b', 'seed-c'];
/** Systems in the ROC pictures. */
const LINES = [...MAIN, 'forest', 'linear'];
/** Maximum number of points of a curve, approximately. */
const CURVE_POINTS = 100;

/** Draws all pictures of a report. @param songs keys of the songs of all evaluated steps, in order */
export function pictures(
  report: ComparisonReport,
  outcomes: readonly SystemOutcome[],
  songs: readonly string[],
): Picture[] {
  const finished = (names: readonly string[]) =>
    names.flatMap((name) =>
      outcomes.filter(({ system, failure }) => system.name === name && failure === undefined),
    );
  const ofSystems = finished(MAIN).flatMap(({ system, predictions }): Picture[] => {
    const all = [
      ...bySong(
        predictions.flatMap(({ steps }) => steps),
        songs,
      ).values(),
    ];
    const scatter = `${system.title}: predictions against labels, one point per song`;
    const calibration = `${system.title}: calibration of its intervals`;
    const section = 'tracking';
    return [
      { file: `scatter-${system.name}.svg`, alt: scatter, section, svg: scatterPicture(all, scatter) },
      {
        file: `calibration-${system.name}.svg`,
        alt: calibration,
        section,
        svg: calibrationPicture(all, calibration),
      },
    ];
  });
  const ofSchemes = SCHEMES.flatMap((scheme) => [
    ...rocPicture(finished(LINES), scheme),
    ...confusionPicture(report, scheme),
  ]);
  return [...ofSystems, ...ofSchemes, ...curvePicture(report)];
}

function rocPicture(outcomes: readonly SystemOutcome[], scheme: Scheme): Picture[] {
  if (outcomes.length === 0) return [];
  const rocs = outcomes.map((outcome) => rocsOfSystem(outcome, scheme));
  const charts = CLASS_NAMES[scheme].map((name, i) =>
    lineChart({
      title: `${name} against the rest`,
      x: { label: 'false positives', from: 0, to: 1 },
      y: { label: 'true positives', from: 0, to: 1 },
      diagonal: true,
      height: 440,
      series: outcomes.map(({ system }, k) => ({ name: system.title, points: thinned(rocs[k]![i]!) })),
    }),
  );
  const alt = `Receiver operating characteristics of the ${scheme}`;
  return [{ file: `roc-${scheme}.svg`, alt, section: scheme, svg: svgDocument(charts, 2, alt) }];
}

function confusionPicture({ systems }: ComparisonReport, scheme: Scheme): Picture[] {
  const charts = MAIN.flatMap((name) => systems.filter((system) => system.name === name)).map(
    ({ title, classes }) =>
      matrixChart({
        title,
        names: CLASS_NAMES[scheme],
        rowLabel: 'label',
        columnLabel: 'predicted',
        counts: classes[scheme].confusion,
      }),
  );
  if (charts.length === 0) return [];
  const alt = `Confusion matrices of the ${scheme}: shares of predicted classes for each true class`;
  return [{ file: `confusion-${scheme}.svg`, alt, section: scheme, svg: svgDocument(charts, 2, alt) }];
}

/** Loss on the left, RMSE on validation songs on the right for systems that have them. */
function curvePicture({ systems }: ComparisonReport): Picture[] {
  const charts = systems.flatMap(({ title, curve = [] }): Chart[] => {
    if (curve.length < 2) return [];
    const x = { label: 'epoch', from: 0, to: curve.at(-1)!.epoch };
    const chart = (what: string, points: [number, number][]) =>
      lineChart({
        title: `${title}: ${what}`,
        x,
        y: { label: what },
        height: 220,
        series: [{ name: '', points }],
      });
    const validation = curve.flatMap((p): [number, number][] =>
      p.validation === undefined ? [] : [[p.epoch, p.validation]],
    );
    const loss = chart(
      'loss',
      curve.map((p) => [p.epoch, p.loss]),
    );
    const empty: Chart = { width: 0, height: 0, body: '' };
    return [loss, validation.length > 0 ? chart('RMSE on validation songs', validation) : empty];
  });
  if (charts.length === 0) return [];
  const alt = 'Loss, and RMSE on validation songs, by epoch, of the first fold';
  return [{ file: 'learning-curves.svg', alt, section: 'learning', svg: svgDocument(charts, 2, alt) }];
}

/** Points at approximately equal distances along the curve, including both ends. */
function thinned({ points }: Roc): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  for (const [i, point] of points.entries()) {
    const last = kept.at(-1);
    const moved = last ? point[0] - last[0] + point[1] - last[1] : 1;
    if (moved >= 2 / CURVE_POINTS || i === points.length - 1) kept.push(point);
  }
  return kept;
}

import { CLASS_NAMES } from '../../evaluate/class-probabilities.ts';
import type { Roc } from '../../evaluate/classification.ts';
import { calibrationPicture, scatterPicture } from '../../plots/judged.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { matrixChart } from '../../plots/matrix-chart.ts';
import { type Chart, svgDocument } from '../../plots/svg.ts';
import type { SystemOutcome } from '../compare-systems.ts';
import { bySong } from '../folds.ts';
import { SCHEMES, type Scheme } from '../system.ts';
import type { ComparisonReport } from './comparison-report.ts';
import { rocsOfSystem } from './system-report.ts';

/** A file beside the report, what it shows, and where in it. */
export interface Picture {
  readonly file: string;
  readonly alt: string;
  readonly section: 'tracking' | 'quadrants' | 'words' | 'learning';
  readonly svg: string;
}

/** Drawn by themselves, as far as they are there: one of each work, and this project's. */
const MAIN = ['undertone', 'seed-a', 'seed-b', 'seed-c'];
/** With them in one picture. */
const LINES = [...MAIN, 'forest', 'linear'];
/** As many points as a curve needs to look like one. */
const CURVE_POINTS = 100;

/** @param songs of all judged steps in their order */
export function pictures(
  report: ComparisonReport,
  outcomes: readonly SystemOutcome[],
  songs: readonly string[],
): Picture[] {
  const there = (names: readonly string[]) =>
    names.flatMap((name) =>
      outcomes.filter(({ system, failure }) => system.name === name && failure === undefined),
    );
  const ofSystems = there(MAIN).flatMap(({ system, answers }): Picture[] => {
    const all = [
      ...bySong(
        answers.flatMap(({ steps }) => steps),
        songs,
      ).values(),
    ];
    const scatter = `${system.title}: what it said of each song against what listeners said`;
    const calibration = `${system.title}: how many labels its intervals hold`;
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
    ...rocPicture(there(LINES), scheme),
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
        rowLabel: 'listeners',
        columnLabel: 'said',
        counts: classes[scheme].confusion,
      }),
  );
  if (charts.length === 0) return [];
  const alt = `Confusion matrices of the ${scheme}: of each true class, how often which was said`;
  return [{ file: `confusion-${scheme}.svg`, alt, section: scheme, svg: svgDocument(charts, 2, alt) }];
}

/** Loss on the left, RMSE of validation songs on the right where some were kept for it. */
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

/** About evenly along the curve, its ends among them. */
function thinned({ points }: Roc): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  for (const [i, point] of points.entries()) {
    const last = kept.at(-1);
    const moved = last ? point[0] - last[0] + point[1] - last[1] : 1;
    if (moved >= 2 / CURVE_POINTS || i === points.length - 1) kept.push(point);
  }
  return kept;
}

import { AXES, type Axis } from '../../src/types.ts';
import type { EvaluatedStep } from '../evaluate/evaluate.ts';
import { lineChart } from './line-chart.ts';
import { scatterChart } from './scatter-chart.ts';
import { svgDocument } from './svg.ts';

type Songs = readonly (readonly Pick<EvaluatedStep, 'label' | 'predicted' | 'sd'>[])[];

/** SVG document: prediction against label of each song, mean over its steps. */
export function scatterPicture(
  songs: Songs,
  title = 'Predictions against labels, one point per song',
): string {
  const range = { from: -1, to: 1 };
  return svgDocument(
    AXES.map((axis) =>
      scatterChart({
        title: `${capital(axis)}, one point per song`,
        x: { label: 'label', ...range },
        y: { label: 'prediction', ...range },
        diagonal: true,
        groups: [
          {
            name: axis,
            points: songs.map((steps) => ({
              x: mean(steps, ({ label }) => label[axis]),
              y: mean(steps, ({ predicted }) => predicted[axis]),
            })),
          },
        ],
      }),
    ),
    2,
    title,
  );
}

/** Share of a normal distribution, and the number of standard deviations around its mean that contain it. */
const INTERVALS = [
  [0.1, 0.12566],
  [0.2, 0.25335],
  [0.3, 0.38532],
  [0.4, 0.5244],
  [0.5, 0.67449],
  [0.6, 0.84162],
  [0.7, 1.03643],
  [0.8, 1.28155],
  [0.9, 1.64485],
  [0.95, 1.95996],
] as const;

/** SVG document: share of labels inside intervals of nominal shares, for all steps and for each third by sd. */
export function calibrationPicture(songs: Songs, title = 'Calibration of predicted intervals'): string {
  const steps = songs.flat();
  return svgDocument(
    AXES.map((axis) => {
      const sorted = steps.toSorted((a, b) => a.sd[axis] - b.sd[axis]);
      const third = (i: number) => sorted.slice((i * sorted.length) / 3, ((i + 1) * sorted.length) / 3);
      return lineChart({
        title: `${capital(axis)}: calibration of intervals`,
        x: { label: 'nominal share of labels in the interval', from: 0, to: 1 },
        y: { label: 'actual share of labels in the interval', from: 0, to: 1 },
        diagonal: true,
        width: 440,
        height: 440,
        series: [
          { name: 'all', points: coverage(sorted, axis), dots: true },
          { name: 'lowest sd third', points: coverage(third(0), axis) },
          { name: 'middle sd third', points: coverage(third(1), axis) },
          { name: 'highest sd third', points: coverage(third(2), axis) },
        ],
      });
    }),
    2,
    title,
  );
}

function coverage(steps: Songs[number], axis: Axis): [number, number][] {
  return INTERVALS.map(([nominal, reach]) => {
    const inside = steps.filter(
      ({ label, predicted, sd }) => Math.abs(label[axis] - predicted[axis]) <= reach * sd[axis],
    );
    return [nominal, inside.length / steps.length];
  });
}

function mean(steps: Songs[number], of: (step: Songs[number][number]) => number): number {
  return steps.reduce((sum, step) => sum + of(step), 0) / steps.length;
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}

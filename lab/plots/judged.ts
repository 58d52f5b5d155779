import { AXES, type Axis } from '../../src/types.ts';
import type { ScoredStep } from '../evaluate/evaluate.ts';
import { lineChart } from './line-chart.ts';
import { scatterChart } from './scatter-chart.ts';
import { svgDocument } from './svg.ts';

type Songs = readonly (readonly Pick<ScoredStep, 'label' | 'said' | 'sd'>[])[];

/** What was said of each song against what listeners said, mean over its steps, as an SVG document. */
export function scatterPicture(
  songs: Songs,
  title = 'What was said of each song against what listeners said',
): string {
  const range = { from: -1, to: 1 };
  return svgDocument(
    AXES.map((axis) =>
      scatterChart({
        title: `${capital(axis)}, a point for each song`,
        x: { label: 'listeners', ...range },
        y: { label: 'model', ...range },
        diagonal: true,
        groups: [
          {
            name: axis,
            points: songs.map((steps) => ({
              x: mean(steps, ({ label }) => label[axis]),
              y: mean(steps, ({ said }) => said[axis]),
            })),
          },
        ],
      }),
    ),
    2,
    title,
  );
}

/** Share that a normal distribution has within so many standard deviations of its mean. */
const WITHIN = [
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

/** How many labels intervals of every width hold, of all steps and of each third by standard deviation. */
export function calibrationPicture(
  songs: Songs,
  title = 'How many labels intervals of every width hold',
): string {
  const steps = songs.flat();
  return svgDocument(
    AXES.map((axis) => {
      const sorted = steps.toSorted((a, b) => a.sd[axis] - b.sd[axis]);
      const third = (i: number) => sorted.slice((i * sorted.length) / 3, ((i + 1) * sorted.length) / 3);
      return lineChart({
        title: `${capital(axis)}: do intervals hold what they say?`,
        x: { label: 'share that the interval should hold', from: 0, to: 1 },
        y: { label: 'share of labels that it held', from: 0, to: 1 },
        diagonal: true,
        width: 440,
        height: 440,
        series: [
          { name: 'all', points: held(sorted, axis), dots: true },
          { name: 'surest third', points: held(third(0), axis) },
          { name: 'middle third', points: held(third(1), axis) },
          { name: 'least sure third', points: held(third(2), axis) },
        ],
      });
    }),
    2,
    title,
  );
}

function held(steps: Songs[number], axis: Axis): [number, number][] {
  return WITHIN.map(([nominal, reach]) => {
    const inside = steps.filter(
      ({ label, said, sd }) => Math.abs(label[axis] - said[axis]) <= reach * sd[axis],
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

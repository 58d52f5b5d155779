import { AXES, type Axis } from '../../types.ts';
import { lineChart } from '../plots/line-chart.ts';
import { type Chart, svgDocument } from '../plots/svg.ts';
import type { Scores } from './score.ts';
import type { EpochEvent } from './train-event.ts';

/** How a training went, as a picture: loss, learning rate, RMSE and CCC of both axes on songs learned from and on others. */
export function learningCurves(all: readonly EpochEvent[]): string {
  // Of several members the first: the others look alike.
  const epochs = all.filter(({ member = 1 }) => member === 1);
  const best = epochs.filter((epoch) => epoch.best).at(-1);
  const x = { label: 'epoch', from: 0, to: Math.max(1, ...epochs.map(({ epoch }) => epoch)) };
  const curve = (of: (epoch: EpochEvent) => number) =>
    epochs.map((epoch): [number, number] => [epoch.epoch, of(epoch)]);
  const scores = (title: string, of: (scores: Scores, axis: Axis) => number): Chart =>
    lineChart({
      title,
      x,
      y: { label: title },
      series: AXES.flatMap((axis, colour) => [
        { name: axis, colour, points: curve(({ validation }) => of(validation, axis)) },
        {
          name: `${axis}, learned`,
          colour,
          dashed: true,
          points: curve(({ train }) => of(train, axis)),
        },
      ]),
      ...(best ? { mark: { x: best.epoch, text: 'kept' } } : {}),
    });
  return svgDocument(
    [
      lineChart({
        title: 'Loss',
        x,
        y: { label: 'loss' },
        series: [{ name: '', points: curve(({ loss }) => loss) }],
      }),
      lineChart({
        title: 'Learning rate',
        x,
        y: { label: 'learning rate', from: 0 },
        series: [{ name: '', points: curve(({ learningRate }) => learningRate) }],
      }),
      scores('RMSE', (s, axis) => s[axis].rmse),
      scores('CCC', (s, axis) => s[axis].ccc),
    ],
    2,
  );
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AXES, type Axis } from '../../src/types.ts';
import type { Scores } from '../evaluate/score.ts';
import { lineChart } from '../plots/line-chart.ts';
import { type Chart, svgDocument } from '../plots/svg.ts';
import type { EpochEvent, TrainEvent } from './train-event.ts';

/** The log of a training: `training.jsonl` with one event per line, and its plot `learning-curves.svg`. */
export class RunRecord {
  readonly #folder: string;
  readonly #log: TrainEvent[];
  readonly #onEvent: (event: TrainEvent) => void;

  /** @param log events so far of a resumed run */
  constructor(folder: string, log: readonly TrainEvent[], onEvent: (event: TrainEvent) => void = () => {}) {
    this.#folder = folder;
    this.#log = [...log];
    this.#onEvent = onEvent;
  }

  /** Emits an event and appends it to the log. */
  add(event: TrainEvent): void {
    this.#log.push(event);
    this.emit(event);
  }

  /** Emits an event without logging it. */
  emit(event: TrainEvent): void {
    this.#onEvent(event);
  }

  get log(): readonly TrainEvent[] {
    return this.#log;
  }

  async write(): Promise<void> {
    const lines = this.#log.map((event) => `${JSON.stringify(event)}\n`).join('');
    await writeFile(join(this.#folder, 'training.jsonl'), lines);
    const epochs = this.#log.filter((event): event is EpochEvent => event.type === 'epoch');
    if (epochs.length > 0) await writeFile(join(this.#folder, 'learning-curves.svg'), learningCurves(epochs));
  }
}

/** Plots loss, learning rate, RMSE and CCC of both axes; scores on training songs are dashed. */
function learningCurves(all: readonly EpochEvent[]): string {
  // Only the first ensemble member: the curves of the others are similar.
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
      series: AXES.flatMap((axis, color) => [
        { name: axis, color, points: curve(({ validation }) => of(validation, axis)) },
        {
          name: `${axis}, training songs`,
          color,
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

import type { Engine } from '../model/engine.ts';
import { crossValidate } from '../model/train/cross-validate.ts';
import type { Dataset } from '../model/train/dataset.ts';
import { hearExamples } from '../model/train/examples.ts';
import type { TrainOptions } from '../model/train/options.ts';
import { artistFolds, type Protocol, yearFolds } from '../model/train/protocol.ts';
import { type Scores, scoresOf } from '../model/train/score.ts';
import type { FftPlans } from '../stream/fft.ts';

export interface ProtocolRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly options: TrainOptions;
  readonly protocol: Protocol;
  readonly folds: number;
  readonly signal: AbortSignal;
}

/** Trains fold by fold and prints how well each fold's weights did on songs that they were not learned from. */
export async function runProtocol(request: ProtocolRequest): Promise<void> {
  const { dataset, engine, options, protocol, signal } = request;
  const { clips } = dataset;
  const folds =
    protocol === 'artists'
      ? artistFolds(request.folds)
      : yearFolds([...new Map(clips.map(({ song }) => [song.id, song])).values()]);
  const examples = await hearExamples({ ...request, clips, network: options.network });
  console.log(
    `Front end ${options.network.frontEnd}, ${options.epochs} epochs, seed ${options.seed}, ${engine.description}. No artist is on both sides.\n`,
  );
  console.log(line('', 'learned', 'judged', 'RMSE', 'R2', 'CCC', 'r', 'RMSE', 'R2', 'CCC', 'r'));
  const results = await crossValidate({
    engine,
    options,
    examples,
    folds,
    signal,
    onFold: ({ name, learned, judged, scores }) => console.log(scoreLine(name, learned, judged, scores)),
  });
  // Years are other listeners with other scales: to pool them would say nothing.
  if (protocol === 'artists' && results.length === folds.length) {
    const all = results.flatMap(({ predicted }) => predicted);
    console.log(scoreLine('all', 0, all.length, scoresOf(all)));
  }
  console.log(
    '\nClips, then arousal, then valence; every label from the first step on, each clip from a fresh state.',
  );
}

function scoreLine(name: string, learned: number, judged: number, { arousal, valence }: Scores): string {
  const numbers = [arousal, valence].flatMap(({ rmse, r2, ccc, r }) => [rmse, r2, ccc, r]);
  return line(name, learned > 0 ? String(learned) : '', String(judged), ...numbers.map((x) => x.toFixed(3)));
}

function line(name: string, ...cells: readonly string[]): string {
  return [name.padEnd(13), ...cells.map((cell) => cell.padStart(8))].join('').trimEnd();
}

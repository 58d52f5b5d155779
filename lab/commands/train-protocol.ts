import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../src/commands/progress.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { UserError } from '../../src/user-error.ts';
import { textTable } from '../../src/util/text-table.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { songKey } from '../datasets/song.ts';
import { openDistillation } from '../distill/distillation.ts';
import { type Scores, scoresOfSteps } from '../evaluate/score.ts';
import { configOf } from '../train/config-file.ts';
import { crossValidate, type FoldResult } from '../train/cross-validate.ts';
import { extractTrainingExamples } from '../train/examples.ts';
import type { TrainOptions } from '../train/options.ts';
import { foldsOf, type Protocol } from '../train/protocol.ts';
import { clipsHash, openProtocolRun, type ProtocolPlan } from '../train/protocol-run.ts';

interface ProtocolRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly options: TrainOptions;
  readonly protocol: Protocol;
  readonly folds: number;
  /** Folder for the predictions of each fold and the report. */
  readonly out: string;
  readonly resumed?: ProtocolPlan;
  readonly json: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Scores of one fold, or of all folds. */
interface Line {
  readonly name: string;
  readonly learned?: number;
  readonly judged: number;
  readonly scores: Scores;
}

/**
 * Trains fold by fold and prints the scores of each fold on songs that were not in its training data.
 *
 * @throws UserError `stopped`; finished folds can be resumed
 */
export async function runProtocol(request: ProtocolRequest): Promise<void> {
  const { dataset, engine, options, protocol, out, resumed, json, progress, signal } = request;
  const { clips, folders: data } = dataset;
  const songs = [...new Map(clips.map(({ song }) => [songKey(song), song])).values()];
  const folds = foldsOf(protocol, songs, request.folds);
  const plan = {
    protocol,
    folds: request.folds,
    options,
    engine: engine.description,
    data,
    clips: clipsHash(dataset),
  };
  const names = folds.map(({ name }) => name);
  const store = await openProtocolRun(out, plan, names, resumed);
  const print = (text: string) => json || progress.print(text);
  print(
    `Front end ${options.network.frontEnd}, ${options.epochs} epochs, seed ${options.seed}, ${engine.description}. No artist is in both training and evaluation.\n`,
  );
  progress.begin('Extracting', clips.length);
  let extracted = 0;
  const examples = await extractTrainingExamples(
    { ...request, clips, network: options.network },
    options,
    () => {
      if (signal.aborted) throw stopped(out, 0, folds.length);
      progress.to(++extracted);
    },
  );
  const addSoftTargets = await openDistillation({ ...request, clips, options });
  const width = Math.max(11, ...names.map((name) => name.length));
  const head = ['RMSE', 'R2', 'CCC', 'r'];
  print(row(['', 'trained', 'evaluated', ...head, ...head], width));
  progress.begin('Training', folds.length * options.network.members * options.epochs);
  const results = await crossValidate({
    engine,
    options,
    examples,
    folds,
    addSoftTargets,
    store,
    signal,
    onEpoch: (fold, epoch) => progress.to(fold * options.network.members * options.epochs + epoch),
    onFold: (result) => print(scoreLine(result, width)),
  });
  progress.end();
  if (results.length < folds.length) throw stopped(out, results.length, folds.length);

  const together = summaryOf(protocol, results);
  if (together) print(scoreLine(together, width));
  const report = {
    protocol,
    config: configOf(options),
    engine: engine.description,
    data: dataset.about,
    folds: results.map(({ steps: _, ...line }) => line),
    ...(together ? { [together.name]: together } : {}),
  };
  await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (json) console.log(JSON.stringify(report));
  print(
    `\nColumns: number of clips, then arousal, then valence. Every labeled step counts, each clip from a fresh state. The predictions of all steps are in ${out}.`,
  );
}

/** Different years have different listeners and scales, so their scores are averaged; all others are pooled. */
function summaryOf(protocol: Protocol, results: readonly FoldResult[]): Line | undefined {
  const judged = results.reduce((sum, result) => sum + result.judged, 0);
  switch (protocol) {
    case 'folds':
    case 'genres':
      return { name: 'pooled', judged, scores: scoresOfSteps(results.flatMap(({ steps }) => steps)) };
    case 'years':
      return { name: 'mean', judged, scores: meanOf(results.map(({ scores }) => scores)) };
    case 'split':
      return undefined;
  }
}

function meanOf(all: readonly Scores[]): Scores {
  const mean = (axis: keyof Scores) => {
    const keys = Object.keys(all[0]![axis]) as (keyof Scores[typeof axis])[];
    return Object.fromEntries(
      keys.map((key) => [key, all.reduce((sum, scores) => sum + scores[axis][key], 0) / all.length]),
    ) as unknown as Scores[typeof axis];
  };
  return { valence: mean('valence'), arousal: mean('arousal') };
}

function scoreLine({ name, learned, judged, scores: { arousal, valence } }: Line, width: number): string {
  const numbers = [arousal, valence].flatMap(({ rmse, r2, ccc, r }) => [rmse, r2, ccc, r]);
  const counts = [learned ? String(learned) : '', String(judged)];
  return row([name, ...counts, ...numbers.map((x) => x.toFixed(3))], width);
}

/** Fixed column widths, because rows are printed one by one. */
function row(cells: readonly string[], width: number): string {
  return textTable([cells], { minWidths: [width, 7] });
}

function stopped(out: string, done: number, of: number): UserError {
  return new UserError(
    'stopped',
    `The run was stopped after ${done} of ${of} folds; continue with \`undertone train --resume ${out}\`.`,
  );
}

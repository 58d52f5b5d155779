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
import { crossCalibrate, type FoldDetails, foldDetails, meanOf } from '../train/protocol-scores.ts';
import { detailTables } from './protocol-tables.ts';

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
interface ScoreLine {
  readonly name: string;
  readonly trainingClips?: number;
  readonly evaluatedClips: number;
  readonly scores: Scores;
}

type Line = ScoreLine & FoldDetails;

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

  const { folds: lines, together } = linesOf(protocol, results);
  if (together) print(scoreLine(together, width));
  const report = {
    protocol,
    config: configOf(options),
    engine: engine.description,
    data: dataset.about,
    folds: lines,
    ...(together ? { [together.name]: together } : {}),
  };
  await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (json) console.log(JSON.stringify(report));
  print(
    `\nColumns: number of clips, then arousal, then valence.\n\n${detailTables(together ? [...lines, together] : lines)}\n\nEvery labeled step counts, each clip from a fresh state. The predictions of all steps are in ${out}.`,
  );
}

/**
 * Different years have different listeners and scales, so their scores are averaged; those of other folds are of all
 * steps together.
 */
function linesOf(protocol: Protocol, results: readonly FoldResult[]): { folds: Line[]; together?: Line } {
  const calibrated = crossCalibrate(results.map(({ steps }) => steps));
  const folds = results.map(({ steps: _, ...line }, i) => ({ ...line, ...foldDetails(calibrated[i]!) }));
  const evaluatedClips = results.reduce((sum, result) => sum + result.evaluatedClips, 0);
  switch (protocol) {
    case 'folds':
    case 'genres': {
      const scores = scoresOfSteps(results.flatMap(({ steps }) => steps));
      return {
        folds,
        together: { name: 'pooled', evaluatedClips, scores, ...foldDetails(calibrated.flat()) },
      };
    }
    case 'years': {
      const means = folds.map(({ name: _, trainingClips: __, evaluatedClips: ___, ...scores }) => scores);
      return { folds, together: { name: 'mean', evaluatedClips, ...meanOf(means) } };
    }
    case 'split':
      return { folds };
  }
}

function scoreLine(
  { name, trainingClips, evaluatedClips, scores: { arousal, valence } }: ScoreLine,
  width: number,
): string {
  const numbers = [arousal, valence].flatMap(({ rmse, r2, ccc, r }) => [rmse, r2, ccc, r]);
  const counts = [trainingClips ? String(trainingClips) : '', String(evaluatedClips)];
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

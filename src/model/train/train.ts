import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FftPlans } from '../../stream/fft.ts';
import { UserError } from '../../user-error.ts';
import type { Engine } from '../engine.ts';
import { writeModel } from '../model-file.ts';
import type { Weights } from '../weights.ts';
import { calibrate } from './calibrate.ts';
import type { Clip, Dataset } from './dataset.ts';
import { type Example, hearExamples } from './examples.ts';
import { Fit } from './fit.ts';
import type { TrainOptions } from './options.ts';
import { type Predicted, predict } from './predict.ts';
import { choiceScore, type Scores, scoresOf } from './score.ts';
import { type Sequence, SequenceMaker, wholeClip } from './sequence.ts';
import { type Part, partOf, splitSongs } from './split.ts';

/** What training says as it goes; each is also a line of `training.jsonl`. */
export type TrainEvent =
  | {
      readonly type: 'begin';
      readonly clips: Record<Part, number>;
      readonly engine: string;
      readonly options: TrainOptions;
    }
  | { readonly type: 'heard'; readonly clips: number; readonly of: number }
  | EpochEvent
  | {
      readonly type: 'done';
      readonly bestEpoch: number;
      readonly validation: Scores;
      readonly heldOut: Scores | null;
    };

export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly loss: number;
  readonly validation: Scores;
  readonly choice: number;
  readonly best: boolean;
  readonly seconds: number;
}

export interface TrainRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  /** Folder to write the model to. */
  readonly out: string;
  readonly cacheFolder: string;
  readonly options: TrainOptions;
  readonly onEvent?: (event: TrainEvent) => void;
  /** Ends after the epoch in hand; the best weights so far are kept. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a model on labelled music and writes it: weights, calibration, the split and the log.
 *
 * @throws UserError `bad-data` where the music cannot be split into training and validation
 */
export async function train(request: TrainRequest): Promise<void> {
  const { dataset, engine, options, out } = request;
  const log: TrainEvent[] = [];
  const say = (event: TrainEvent) => {
    if (event.type !== 'heard') log.push(event);
    request.onEvent?.(event);
  };
  const clips = splitClips(dataset);
  const counts = {
    train: clips.train.length,
    validation: clips.validation.length,
    'held-out': clips['held-out'].length,
  };
  say({ type: 'begin', clips: counts, engine: engine.description, options });
  const parts = await hearParts(request, clips, say);

  const maker = new SequenceMaker();
  const plain = (examples: readonly Example[]) => examples.map((example) => maker.make([wholeClip(example)]));
  const validation = plain(parts.validation);
  const run = (weights: Weights, sequences: readonly Sequence[]) =>
    predict(engine.tf, options.network, weights, sequences);
  const { weights, epoch: bestEpoch } = await fitWell(request, parts.train, (w) => run(w, validation), say);

  const learned = plain(parts.train);
  const onValidation = run(weights, validation);
  const calibration = calibrate(onValidation, run(weights, learned), learned);
  const heldOut = parts['held-out'].length > 0 ? scoresOf(run(weights, plain(parts['held-out']))) : null;
  const scores = scoresOf(onValidation);
  say({ type: 'done', bestEpoch, validation: scores, heldOut });

  const training = {
    seed: options.seed,
    engine: engine.description,
    bestEpoch,
    validation: scores,
    heldOut,
    options,
  };
  await writeModel(out, { network: options.network, calibration, training, weights });
  await writeFile(
    join(out, 'split.json'),
    `${JSON.stringify(splitSongs(dataset.clips.map(({ song }) => song)), null, 1)}\n`,
  );
  await writeFile(join(out, 'training.jsonl'), log.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

function splitClips({ clips }: Dataset): Record<Part, Clip[]> {
  const parts: Record<Part, Clip[]> = { train: [], validation: [], 'held-out': [] };
  for (const clip of clips) parts[partOf(clip.song)].push(clip);
  for (const part of ['train', 'validation'] as const) {
    if (parts[part].length > 0) continue;
    throw new UserError(
      'bad-data',
      `No song falls into the ${part} part, which is split off by artist; give music of more artists.`,
    );
  }
  return parts;
}

async function hearParts(
  { dataset, engine, options, fft, cacheFolder, out }: TrainRequest,
  clips: Record<Part, Clip[]>,
  say: (event: TrainEvent) => void,
): Promise<Record<Part, Example[]>> {
  // Found out now and not after the training.
  await mkdir(out, { recursive: true }).catch((cause: Error) => {
    throw new UserError(
      'bad-output',
      `The folder ${out} cannot be made (${cause.message}); give another with --out.`,
      { cause },
    );
  });
  const of = clips.train.length + clips.validation.length + clips['held-out'].length;
  let done = 0;
  const hear = (part: Part) =>
    hearExamples({ dataset, clips: clips[part], engine, fft, cacheFolder, network: options.network }, () =>
      say({ type: 'heard', clips: ++done, of }),
    );
  return {
    train: await hear('train'),
    validation: await hear('validation'),
    'held-out': await hear('held-out'),
  };
}

/** Goes on until nothing was gained for `patience` epochs; gives back the weights that did best in validation. */
async function fitWell(
  { engine, options, signal }: TrainRequest,
  examples: readonly Example[],
  validate: (weights: Weights) => Predicted[],
  say: (event: EpochEvent) => void,
): Promise<{ weights: Weights; epoch: number }> {
  const fit = new Fit(engine.tf, examples, options);
  let best: { weights: Weights; epoch: number; choice: number } | undefined;
  try {
    for (let epoch = 1; epoch <= options.epochs && !signal?.aborted; epoch++) {
      const began = performance.now();
      const loss = fit.epoch();
      const { weights } = fit;
      const validation = scoresOf(validate(weights));
      const choice = choiceScore(validation);
      const better = !best || choice > best.choice;
      if (better) best = { weights, epoch, choice };
      const seconds = (performance.now() - began) / 1000;
      say({ type: 'epoch', epoch, loss, validation, choice, best: better, seconds });
      if (epoch - best!.epoch >= options.patience) break;
      await new Promise((resolve) => setImmediate(resolve)); // lets Ctrl-C through
    }
  } finally {
    fit.dispose();
  }
  if (best) return best;
  throw new UserError(
    'stopped',
    'The training was stopped before its first epoch ended, so there is no model; start it again.',
  );
}

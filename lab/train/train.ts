import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { stackEnsemble } from '../../src/model/kinds/undertone/ensemble.ts';
import { writeModel } from '../../src/model/kinds/undertone/model-file.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Part, splitClips, splitSongs } from '../datasets/split.ts';
import { openSchool } from '../distill/distillation.ts';
import { scoresOf } from '../evaluate/score.ts';
import { calibrate } from './calibrate.ts';
import { type Checkpoint, removeCheckpoint } from './checkpoint.ts';
import { configOf } from './config-file.ts';
import { type Example, hearExamples, hearToLearn } from './examples.ts';
import { fitWell } from './fit-well.ts';
import { outOfFold, refit } from './fold-ensemble.ts';
import type { TrainOptions } from './options.ts';
import { type Predicted, predict } from './predict.ts';
import { checkSameEngine, prepareFolder, stopped } from './run-folder.ts';
import { RunRecord } from './run-record.ts';
import { type Sequence, SequenceMaker, wholeClip } from './sequence.ts';
import type { TrainEvent } from './train-event.ts';

export interface TrainRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  /** Folder to write the model to. */
  readonly out: string;
  readonly cacheFolder: string;
  readonly options: TrainOptions;
  /** Goes on from there; its options are those that count, but for `epochs`. */
  readonly checkpoint?: Checkpoint;
  readonly onEvent?: (event: TrainEvent) => void;
  /** Ends after the batch in hand. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a model on labelled music and writes it: weights, calibration, the split, its configuration, the
 * log and the learning curves. After every epoch there is a checkpoint, and it goes with the last.
 *
 * @throws UserError `stopped` where `signal` ended it, with how to go on; `bad-data` where the music cannot
 *   be split into training and validation; `unfinished` where `out` holds another run's checkpoint;
 *   `bad-checkpoint` where it was begun on another engine or other music
 */
export async function train(request: TrainRequest): Promise<void> {
  const { dataset, engine, out, checkpoint } = request;
  const options = { ...request.options, ...checkpoint?.options, epochs: request.options.epochs };
  const warning = checkpoint && checkSameEngine('training', out, checkpoint.engine, engine.description);
  const clips = splitClips(dataset);
  await prepareFolder(out, checkpoint !== undefined);
  const record = new RunRecord(out, checkpoint?.log ?? [], request.onEvent);
  if (checkpoint) {
    const { epochs: epoch } = checkpoint.fit;
    record.add({ type: 'resume', epoch, engine: engine.description, ...(warning && { warning }) });
  } else {
    const counts = { train: 0, validation: 0, 'held-out': 0 };
    for (const part of Object.keys(counts) as Part[]) counts[part] = clips[part].length;
    record.add({ type: 'begin', clips: counts, engine: engine.description, options });
  }
  const parts = await hearParts({ ...request, options }, clips, (event) => record.tell(event));

  const maker = new SequenceMaker();
  const plain = (examples: readonly Example[]) => examples.map((example) => maker.make([wholeClip(example)]));
  const run = (weights: Weights, sequences: readonly Sequence[]): Predicted[] =>
    predict(engine.tf, options.network, weights, sequences);
  const runMember = (weights: Weights, sequences: readonly Sequence[]): Predicted[] =>
    predict(engine.tf, { ...options.network, members: 1 }, weights, sequences);
  const validation = plain(parts.validation);
  const teach = await openSchool({
    ...request,
    options,
    clips: [...parts.train, ...parts.validation].map(({ clip }) => clip),
  });
  const taught = await teach(parts.train, request.signal);
  const { members } = options.network;
  const finished = [...(checkpoint?.finished ?? [])];
  let bestEpoch = checkpoint?.best.epoch ?? 0;
  let going = checkpoint;
  while (finished.length < members) {
    const { checkpoint: _, ...rest } = request;
    const best = await fitWell({
      ...rest,
      ...(going ? { checkpoint: going } : {}),
      options,
      parts,
      taught,
      validation,
      run: runMember,
      record,
      finished,
    });
    going = undefined;
    bestEpoch = best.epoch;
    finished.push(best.weights);
  }
  await keep(stackEnsemble(finished));
  await removeCheckpoint(out);

  async function keep(judged: Weights): Promise<void> {
    const onValidation = run(judged, validation);
    const learned = plain(parts.train);
    const onOthers =
      options.calibrationFolds > 0
        ? await outOfFold({
            ...request,
            options,
            examples: [...parts.train, ...parts.validation],
            teach,
            record,
          })
        : onValidation;
    const calibration = calibrate(onOthers, run(judged, learned), learned);
    const weights = options.refit ? await refit({ ...request, options, parts, teach, record }) : judged;
    const heldOut = parts['held-out'].length > 0 ? scoresOf(run(weights, plain(parts['held-out']))) : null;
    const scores = scoresOf(onValidation);
    record.add({ type: 'done', bestEpoch, validation: scores, heldOut });
    const { description } = engine;
    const training = {
      seed: options.seed,
      engine: description,
      bestEpoch,
      validation: scores,
      heldOut,
      options,
    };
    await writeModel(out, { network: options.network, calibration, training, weights });
    const split = splitSongs(dataset.clips.map(({ song }) => song));
    await writeJson(join(out, 'split.json'), split);
    await writeJson(join(out, 'config.json'), configOf(options));
    await record.write();
  }
}

async function hearParts(
  { dataset, engine, options, fft, cacheFolder, signal }: TrainRequest,
  clips: ReturnType<typeof splitClips>,
  tell: (event: TrainEvent) => void,
): Promise<Record<Part, Example[]>> {
  const of = clips.train.length + clips.validation.length + clips['held-out'].length;
  let done = 0;
  const onClip = () => {
    if (signal?.aborted) throw stopped();
    tell({ type: 'heard', clips: ++done, of });
  };
  const request = { dataset, engine, fft, cacheFolder, network: options.network };
  return {
    train: await hearToLearn({ ...request, clips: clips.train }, options, onClip),
    validation: await hearExamples({ ...request, clips: clips.validation }, onClip),
    'held-out': await hearExamples({ ...request, clips: clips['held-out'] }, onClip),
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 1)}\n`);
}

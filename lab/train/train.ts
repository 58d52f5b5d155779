import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { loadFrontEnd } from '../../src/model/kinds/undertone/front-ends/index.ts';
import { writeModel } from '../../src/model/kinds/undertone/model-file.ts';
import { MODELS_FOLDER } from '../../src/model/load.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { trainBoundary } from '../boundary/train-boundary.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Part, splitClips, splitSongs } from '../datasets/split.ts';
import { openDistillation } from '../distill/distillation.ts';
import { scoresOf } from '../evaluate/score.ts';
import { calibrate } from './calibrate.ts';
import { type Checkpoint, removeCheckpoint } from './checkpoint.ts';
import { configOf } from './config-file.ts';
import { fitWithEarlyStopping } from './early-stopping.ts';
import type { Example } from './example.ts';
import { extractExamples, extractTrainingExamples } from './examples.ts';
import { completed } from './fit-ensemble.ts';
import type { TrainOptions } from './options.ts';
import { type Predicted, predict } from './predict.ts';
import { predictOutOfFold, refitEnsemble } from './retrain.ts';
import { checkSameEngine, interrupted, prepareFolder } from './run-folder.ts';
import { RunRecord } from './run-record.ts';
import { type Sequence, SequenceMaker, wholeClip } from './sequence.ts';
import type { TrainEvent } from './train-event.ts';

export interface TrainRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  /** Folder that the model is written to. */
  readonly out: string;
  readonly cacheFolder: string;
  readonly options: TrainOptions;
  /** The state to resume from; its options replace `options`, except for `epochs`. */
  readonly checkpoint?: Checkpoint;
  readonly onEvent?: (event: TrainEvent) => void;
  /** Stops after the current batch. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a model on labeled music and writes it: weights, calibration, the split, its configuration, the log and the
 * learning curves. Writes a checkpoint after every epoch and removes it at the end.
 *
 * Steps: extract features, train each ensemble member with early stopping, predict out of fold for the calibration,
 * train again with the validation songs (option `refit`), evaluate on the held-out songs.
 *
 * @throws UserError `stopped` if `signal` aborted it, with how to continue; `bad-data` if the music cannot be split
 *   into training and validation; `unfinished` if `out` holds another run's checkpoint; `bad-checkpoint` if the
 *   checkpoint is from another engine or other music
 */
export async function train(request: TrainRequest): Promise<void> {
  const { dataset, engine, out, checkpoint, signal } = request;
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
  const parts = await extractParts({ ...request, options }, clips, (event) => record.emit(event));

  const maker = new SequenceMaker();
  const wholeClips = (examples: readonly Example[]) =>
    examples.map((example) => maker.make([wholeClip(example)]));
  const run = (weights: Weights, sequences: readonly Sequence[]): Predicted[] =>
    predict(engine.tf, options.network, weights, sequences);
  const runMember = (weights: Weights, sequences: readonly Sequence[]): Predicted[] =>
    predict(engine.tf, { ...options.network, members: 1, landmarks: 0 }, weights, sequences);
  const validation = wholeClips(parts.validation);
  const addSoftTargets = await openDistillation({
    ...request,
    options,
    clips: [...parts.train, ...parts.validation].map(({ clip }) => clip),
  });
  const retrainRequest = { engine, options, addSoftTargets, record, out, ...(signal && { signal }) };

  const finished = [...(checkpoint?.finished ?? [])];
  const examples = await addSoftTargets(parts.train, signal);
  let bestEpoch = checkpoint?.best.epoch ?? 0;
  for (let resumed = checkpoint; finished.length < options.network.members; resumed = undefined) {
    const best = await fitWithEarlyStopping({
      dataset,
      engine,
      options,
      out,
      parts,
      examples,
      validation,
      run: runMember,
      record,
      finished,
      ...(resumed && { checkpoint: resumed }),
      ...(signal && { signal }),
    });
    bestEpoch = best.epoch;
    finished.push(best.weights);
  }
  const fitted = completed(engine, options, examples, finished);
  const validated = run(fitted, validation);
  const labeled = [...parts.train, ...parts.validation];
  const calibration = calibrate(
    options.calibrationFolds > 0
      ? await predictOutOfFold({ ...retrainRequest, examples: labeled })
      : validated,
    wholeClips(parts.train),
  );
  const weights = options.refit ? await refitEnsemble({ ...retrainRequest, parts }) : fitted;
  const boundary = await boundaryOf({ ...request, options }, parts, weights);
  if (boundary?.heldOut) record.add({ type: 'boundary', ...boundary.heldOut });
  const heldOut = wholeClips(parts['held-out']);
  const scores = {
    validation: scoresOf(validated),
    heldOut: heldOut.length > 0 ? scoresOf(run(weights, heldOut)) : null,
  };
  record.add({ type: 'done', bestEpoch, ...scores });
  const training = { seed: options.seed, engine: engine.description, bestEpoch, ...scores, options };
  await writeModel(out, {
    network: options.network,
    calibration,
    training,
    weights,
    ...(boundary && { boundary: boundary.detector }),
  });
  await writeJson(join(out, 'split.json'), splitSongs(dataset.clips.map(({ song }) => song)));
  await writeJson(join(out, 'config.json'), configOf(options));
  await record.write();
  await removeCheckpoint(out);
}

/** Fits the boundary detector if the options ask for one. */
async function boundaryOf(
  { engine, options, fft }: TrainRequest,
  parts: Record<Part, Example[]>,
  weights: Weights,
): Promise<Awaited<ReturnType<typeof trainBoundary>> | undefined> {
  const { boundarySequences: sequences, seed, network } = options;
  if (sequences === 0) return undefined;
  const frontEnd = await loadFrontEnd(network.frontEnd, engine, MODELS_FOLDER);
  const clipsOf = (part: Part) => parts[part].map(({ clip }) => clip);
  try {
    const training = [...clipsOf('train'), ...clipsOf('validation')];
    const heldOut = clipsOf('held-out');
    return await trainBoundary({ engine, fft, frontEnd, weights, training, heldOut, sequences, seed });
  } finally {
    frontEnd.dispose();
  }
}

async function extractParts(
  { dataset, engine, options, fft, cacheFolder, signal }: TrainRequest,
  clips: ReturnType<typeof splitClips>,
  emit: (event: TrainEvent) => void,
): Promise<Record<Part, Example[]>> {
  const of = clips.train.length + clips.validation.length + clips['held-out'].length;
  let done = 0;
  const onClip = () => {
    if (signal?.aborted) throw interrupted();
    emit({ type: 'extracted', clips: ++done, of });
  };
  const request = { dataset, engine, fft, cacheFolder, network: options.network };
  return {
    train: await extractTrainingExamples({ ...request, clips: clips.train }, options, onClip),
    validation: await extractExamples({ ...request, clips: clips.validation }, onClip),
    'held-out': await extractExamples({ ...request, clips: clips['held-out'] }, onClip),
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 1)}\n`);
}

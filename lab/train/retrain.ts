import type { Engine } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { Part } from '../datasets/split.ts';
import type { AddSoftTargets } from '../distill/distillation.ts';
import { scoresOf } from '../evaluate/score.ts';
import { type Example, trainingSubset } from './example.ts';
import { fitEnsemble } from './fit-ensemble.ts';
import type { TrainOptions } from './options.ts';
import { type Predicted, predict } from './predict.ts';
import { artistFolds } from './protocol.ts';
import { refitInterrupted } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { SequenceMaker, wholeClip } from './sequence.ts';

/*
 * The trainings after early stopping: out-of-fold predictions for the calibration, and a final training on the
 * validation songs as well. Both train all ensemble members for all epochs.
 */

interface RetrainRequest {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly addSoftTargets: AddSoftTargets;
  readonly record: RunRecord;
  /** Folder of the run, for the error message. */
  readonly out: string;
  readonly signal?: AbortSignal;
}

/**
 * Predicts each song with networks that were not trained on its artist, one training per fold. The intervals are
 * calibrated on these predictions: they cover every song, whereas the validation part has few songs, and the width of
 * an interval depends on the number of songs more than on their number of steps.
 *
 * @throws UserError `stopped` if `signal` aborted it; a resumed run repeats all folds
 */
export async function predictOutOfFold({
  engine,
  options,
  examples,
  addSoftTargets,
  record,
  out,
  signal,
}: RetrainRequest & { readonly examples: readonly Example[] }): Promise<Predicted[]> {
  const maker = new SequenceMaker();
  const all: Predicted[] = [];
  const folds = artistFolds(options.calibrationFolds);
  for (const [fold, { isTraining, isEvaluated }] of folds.entries()) {
    const left = examples.filter(({ clip }) => isEvaluated(clip.song));
    const training = trainingSubset(examples, isTraining);
    if (left.length === 0 || training.length === 0) continue; // too few artists for this fold
    const began = performance.now();
    const weights = await fitEnsemble({
      engine,
      options,
      examples: await addSoftTargets(training, signal),
      ...(signal && { signal }),
    });
    if (!weights) throw refitInterrupted(out);
    const sequences = left.map((example) => maker.make([wholeClip(example)]));
    const predicted = predict(engine.tf, options.network, weights, sequences);
    all.push(...predicted);
    const seconds = (performance.now() - began) / 1000;
    record.add({ type: 'fold', fold: fold + 1, of: folds.length, scores: scoresOf(predicted), seconds });
  }
  return all;
}

/**
 * Trains all ensemble members again, on the training and the validation songs. The calibration that was measured
 * before is kept: with more training data the errors do not grow.
 *
 * @throws UserError `stopped` if `signal` aborted it; a resumed run repeats this training
 */
export async function refitEnsemble({
  engine,
  options,
  parts,
  addSoftTargets,
  record,
  out,
  signal,
}: RetrainRequest & { readonly parts: Readonly<Record<Part, readonly Example[]>> }): Promise<Weights> {
  const { members } = options.network;
  const weights = await fitEnsemble({
    engine,
    options,
    examples: await addSoftTargets([...parts.train, ...parts.validation], signal),
    onMember(member, loss, seconds) {
      record.add({ type: 'refit', member: member + 1, of: members, loss, seconds });
    },
    ...(signal && { signal }),
  });
  if (!weights) throw refitInterrupted(out);
  return weights;
}

import type { Engine } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { Part } from '../datasets/split.ts';
import type { Teach } from '../distill/distillation.ts';
import { scoresOf } from '../evaluate/score.ts';
import { type Example, learnedFrom } from './examples.ts';
import { fitMembers } from './fit-ensemble.ts';
import type { TrainOptions } from './options.ts';
import { type Predicted, predict } from './predict.ts';
import { artistFolds } from './protocol.ts';
import { stoppedInRefit } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { SequenceMaker, wholeClip } from './sequence.ts';

export interface OutOfFoldRequest {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly examples: readonly Example[];
  readonly teach: Teach;
  readonly record: RunRecord;
  /** Folder of the run, for the sentence that says how to go on. */
  readonly out: string;
  readonly signal?: AbortSignal;
}

/**
 * What networks say of each song that did not learn from its artist: one training for each fold, all members and
 * all epochs. Intervals that are measured so rest on every song, where a validation part has few, and few songs
 * tell little of how wide an interval must be, however many steps they have.
 *
 * @throws UserError `stopped` where `signal` ended it: it begins anew when the run is taken up again
 */
export async function outOfFold({
  engine,
  options,
  examples,
  teach,
  record,
  out,
  signal,
}: OutOfFoldRequest): Promise<Predicted[]> {
  const maker = new SequenceMaker();
  const all: Predicted[] = [];
  const folds = artistFolds(options.calibrationFolds);
  for (const [fold, { learns, judges }] of folds.entries()) {
    const judged = examples.filter(({ clip }) => judges(clip.song));
    const learned = learnedFrom(examples, learns);
    if (judged.length === 0 || learned.length === 0) continue; // so few artists that a fold has none
    const began = performance.now();
    const taught = await teach(learned, signal);
    const weights = await fitMembers({ engine, options, examples: taught, ...(signal && { signal }) });
    if (!weights) throw stoppedInRefit(out);
    const sequences = judged.map((example) => maker.make([wholeClip(example)]));
    const said = predict(engine.tf, options.network, weights, sequences);
    all.push(...said);
    const seconds = (performance.now() - began) / 1000;
    record.add({ type: 'fold', fold: fold + 1, of: folds.length, judged: scoresOf(said), seconds });
  }
  return all;
}

export interface RefitRequest {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly parts: Readonly<Record<Part, readonly Example[]>>;
  readonly teach: Teach;
  readonly record: RunRecord;
  /** Folder of the run, for the sentence that says how to go on. */
  readonly out: string;
  readonly signal?: AbortSignal;
}

/**
 * Trains all members once more, on the validation songs as well and for all epochs. The intervals that were
 * measured before stand: who learned from more music errs no more.
 *
 * @throws UserError `stopped` where `signal` ended it: it begins anew when the run is taken up again
 */
export async function refit({
  engine,
  options,
  parts,
  teach,
  record,
  out,
  signal,
}: RefitRequest): Promise<Weights> {
  const examples = await teach([...parts.train, ...parts.validation], signal);
  const { members } = options.network;
  const weights = await fitMembers({
    engine,
    options,
    examples,
    onMember(member, loss, seconds) {
      record.add({ type: 'refit', member: member + 1, of: members, loss, seconds });
    },
    ...(signal && { signal }),
  });
  if (!weights) throw stoppedInRefit(out);
  return weights;
}

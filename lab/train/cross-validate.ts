import type { Engine } from '../../src/model/engine.ts';
import { UserError } from '../../src/user-error.ts';
import type { AddSoftTargets } from '../distill/distillation.ts';
import { type Scores, scoresOfSteps } from '../evaluate/score.ts';
import { type ScoredStep, scoredSteps } from '../evaluate/scored-steps.ts';
import { type Example, trainingSubset } from './example.ts';
import { fitEnsemble } from './fit-ensemble.ts';
import type { TrainOptions } from './options.ts';
import { predict } from './predict.ts';
import type { Fold } from './protocol.ts';
import { SequenceMaker, wholeClip } from './sequence.ts';

export interface FoldResult {
  readonly name: string;
  readonly trainingClips: number;
  readonly evaluatedClips: number;
  readonly scores: Scores;
  /** Labels and predictions of the evaluated clips. */
  readonly steps: readonly ScoredStep[];
}

/** Stores the predictions of finished folds, so that an interrupted run can continue after them. */
export interface FoldStore {
  read(fold: string): Promise<readonly ScoredStep[] | undefined>;
  write(fold: string, steps: readonly ScoredStep[]): Promise<void>;
}

interface CrossValidation {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly examples: readonly Example[];
  readonly folds: readonly Fold[];
  /** Adds soft targets to the training examples of a fold; absent without distillation. */
  readonly addSoftTargets?: AddSoftTargets;
  readonly store?: FoldStore;
  readonly onEpoch?: (fold: number, epoch: number, loss: number) => void;
  readonly onFold?: (result: FoldResult) => void;
  /** Stops after the current batch; the results of the finished folds are returned. */
  readonly signal?: AbortSignal;
}

/**
 * Trains once for each fold, always for all epochs: no epoch is chosen by its score on the evaluated songs. Each clip
 * is evaluated from a fresh state, at every step that has a label.
 *
 * @throws UserError `bad-data` if a fold has no training or no evaluation clips; `bad-config` for the schedule
 *   `plateau`, which needs validation songs
 */
export async function crossValidate(request: CrossValidation): Promise<FoldResult[]> {
  const { examples, options, store, onFold } = request;
  if (options.schedule === 'plateau') throw noPlateau();
  const results: FoldResult[] = [];
  for (const [i, { name, isTraining, isEvaluated }] of request.folds.entries()) {
    const training = trainingSubset(examples, isTraining);
    const evaluated = examples.filter(
      ({ clip, labels }) => isEvaluated(clip.song) && labels.some(Number.isFinite),
    );
    if (training.length === 0 || evaluated.length === 0) throw emptyFold(name);
    const stored = await store?.read(name);
    const steps = stored ?? (await runFold(request, i, training, evaluated));
    if (!steps) break;
    if (!stored) await store?.write(name, steps);
    const result = {
      name,
      trainingClips: training.length,
      evaluatedClips: evaluated.length,
      scores: scoresOfSteps(steps),
      steps,
    };
    results.push(result);
    onFold?.(result);
  }
  return results;
}

async function runFold(
  { engine, options, addSoftTargets, onEpoch, signal }: CrossValidation,
  fold: number,
  training: readonly Example[],
  evaluated: readonly Example[],
): Promise<ScoredStep[] | undefined> {
  const weights = await fitEnsemble({
    engine,
    options,
    examples: (await addSoftTargets?.(training, signal)) ?? training,
    ...(onEpoch && { onEpoch: (epoch, loss) => onEpoch(fold, epoch, loss) }),
    ...(signal && { signal }),
  });
  if (!weights) return undefined;
  const maker = new SequenceMaker();
  const sequences = evaluated.map((example) => maker.make([wholeClip(example)]));
  return scoredSteps(evaluated, predict(engine.tf, options.network, weights, sequences));
}

function emptyFold(name: string): UserError {
  return new UserError(
    'bad-data',
    `The fold "${name}" has no music to train on or none to evaluate; give music of more artists or use fewer folds.`,
  );
}

function noPlateau(): UserError {
  return new UserError(
    'bad-config',
    'The schedule "plateau" needs validation songs, which a protocol does not have; use cosine, step or constant.',
  );
}

import type { Engine } from '../../src/model/engine.ts';
import { UserError } from '../../src/user-error.ts';
import type { Teach } from '../distill/distillation.ts';
import { type Scores, scoresOfSteps } from '../evaluate/score.ts';
import { type ScoredStep, scoredSteps } from '../evaluate/scored-steps.ts';
import { type Example, learnedFrom } from './examples.ts';
import { fitMembers } from './fit-ensemble.ts';
import type { TrainOptions } from './options.ts';
import { predict } from './predict.ts';
import type { Fold } from './protocol.ts';
import { SequenceMaker, wholeClip } from './sequence.ts';

export interface FoldResult {
  readonly name: string;
  /** Clips on either side. */
  readonly learned: number;
  readonly judged: number;
  readonly scores: Scores;
  /** What was said of the judged clips. */
  readonly steps: readonly ScoredStep[];
}

/** Where the folds that are done are kept, so that an interrupted run goes on behind them. */
export interface FoldStore {
  read(fold: string): Promise<readonly ScoredStep[] | undefined>;
  write(fold: string, steps: readonly ScoredStep[]): Promise<void>;
}

export interface CrossValidation {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly examples: readonly Example[];
  readonly folds: readonly Fold[];
  /** What teachers add to what a fold learns from; absent where there are none. */
  readonly teach?: Teach;
  readonly store?: FoldStore;
  readonly onEpoch?: (fold: number, epoch: number, loss: number) => void;
  readonly onFold?: (result: FoldResult) => void;
  /** Ends after the batch in hand; the results of the folds that are done come back. */
  readonly signal?: AbortSignal;
}

/**
 * Trains once for each fold, always for all epochs: no epoch is picked by its score on judged songs. Each
 * clip is judged from a fresh state, at every step that has a label.
 *
 * @throws UserError `bad-data` where a fold has nothing to learn from or to judge; `bad-config` for a schedule
 *   that would need validation
 */
export async function crossValidate(request: CrossValidation): Promise<FoldResult[]> {
  const { examples, options, store, onFold } = request;
  if (options.schedule === 'plateau') throw noPlateau();
  const results: FoldResult[] = [];
  for (const [i, { name, learns, judges }] of request.folds.entries()) {
    const learned = learnedFrom(examples, learns);
    const judged = examples.filter(({ clip, labels }) => judges(clip.song) && labels.some(Number.isFinite));
    if (learned.length === 0 || judged.length === 0) throw emptyFold(name);
    const kept = await store?.read(name);
    const steps = kept ?? (await judgeFold(request, i, learned, judged));
    if (!steps) break;
    if (!kept) await store?.write(name, steps);
    const result = {
      name,
      learned: learned.length,
      judged: judged.length,
      scores: scoresOfSteps(steps),
      steps,
    };
    results.push(result);
    onFold?.(result);
  }
  return results;
}

async function judgeFold(
  { engine, options, teach, onEpoch, signal }: CrossValidation,
  fold: number,
  learned: readonly Example[],
  judged: readonly Example[],
): Promise<ScoredStep[] | undefined> {
  const taught = (await teach?.(learned, signal)) ?? learned;
  const weights = await fitMembers({
    engine,
    options,
    examples: taught,
    ...(onEpoch && { onEpoch: (epoch, loss) => onEpoch(fold, epoch, loss) }),
    ...(signal && { signal }),
  });
  if (!weights) return undefined;
  const maker = new SequenceMaker();
  const sequences = judged.map((example) => maker.make([wholeClip(example)]));
  return scoredSteps(judged, predict(engine.tf, options.network, weights, sequences));
}

function emptyFold(name: string): UserError {
  return new UserError(
    'bad-data',
    `There is no music to learn from or to judge in ${name}; give music of more artists or ask for fewer folds.`,
  );
}

function noPlateau(): UserError {
  return new UserError(
    'bad-config',
    'The schedule "plateau" looks at validation songs, and a protocol has none, as it would choose by what it judges; use cosine, step or constant.',
  );
}

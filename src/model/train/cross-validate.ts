import { UserError } from '../../user-error.ts';
import type { Engine } from '../engine.ts';
import type { Example } from './examples.ts';
import { Fit } from './fit.ts';
import type { TrainOptions } from './options.ts';
import { type Predicted, predict } from './predict.ts';
import type { Fold } from './protocol.ts';
import { type Scores, scoresOf } from './score.ts';
import { SequenceMaker, wholeClip } from './sequence.ts';

export interface FoldResult {
  readonly name: string;
  readonly learned: number;
  readonly judged: number;
  readonly scores: Scores;
  /** What was said of the judged clips. */
  readonly predicted: readonly Predicted[];
}

export interface CrossValidation {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly examples: readonly Example[];
  readonly folds: readonly Fold[];
  readonly onFold?: (result: FoldResult) => void;
  /** Ends after the fold in hand. */
  readonly signal?: AbortSignal;
}

/**
 * Trains once for each fold, always for all epochs: no epoch is picked by its score on judged songs. Each
 * clip is judged from a fresh state, at every step that has a label.
 */
export async function crossValidate(request: CrossValidation): Promise<FoldResult[]> {
  const { engine, options, examples, onFold, signal } = request;
  const maker = new SequenceMaker();
  const results: FoldResult[] = [];
  for (const { name, learns, judges } of request.folds) {
    if (signal?.aborted) break;
    const learned = examples.filter(({ clip }) => learns(clip.song));
    const judged = examples.filter(({ clip }) => judges(clip.song));
    if (learned.length === 0 || judged.length === 0) throw emptyFold(name);
    const fit = new Fit(engine.tf, learned, options);
    try {
      for (let epoch = 0; epoch < options.epochs; epoch++) {
        fit.epoch();
        await new Promise((resolve) => setImmediate(resolve)); // lets Ctrl-C through
      }
      const sequences = judged.map((example) => maker.make([wholeClip(example)]));
      const predicted = predict(engine.tf, options.network, fit.weights, sequences);
      const scores = scoresOf(predicted);
      const result = { name, learned: learned.length, judged: judged.length, scores, predicted };
      results.push(result);
      onFold?.(result);
    } finally {
      fit.dispose();
    }
  }
  return results;
}

function emptyFold(name: string): UserError {
  return new UserError(
    'bad-data',
    `There is no music to learn from or to judge in ${name}; give music of more artists or ask for fewer folds.`,
  );
}

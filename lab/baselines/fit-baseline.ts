import type { Engine } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';
import { pooledRmse, type Scores, scoresOf } from '../evaluate/score.ts';
import type { BaselineExample } from './examples.ts';
import { BaselineFit, type BaselineFitOptions } from './fit.ts';
import { predictBaseline } from './predict.ts';

export interface BaselineEpoch {
  readonly epoch: number;
  readonly loss: number;
  readonly validation: Scores;
  /** RMSE over both axes on the validation songs; the epoch with the lowest is the best. */
  readonly rmse: number;
  readonly best: boolean;
  readonly seconds: number;
}

interface FitBaselineRequest extends BaselineFitOptions {
  readonly engine: Engine;
  readonly examples: readonly BaselineExample[];
  /** For early stopping only. */
  readonly validation: readonly BaselineExample[];
  readonly onEpoch?: (epoch: BaselineEpoch) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

interface FittedBaseline {
  readonly weights: Weights;
  readonly bestEpoch: number;
}

/**
 * Trains until validation has not improved for `patience` epochs, or for all epochs of the recipe.
 *
 * @returns the best weights; undefined when `signal` aborted it
 * @throws UserError `needs-native`
 */
export async function fitBaseline(request: FitBaselineRequest): Promise<FittedBaseline | undefined> {
  const { engine, examples, validation, config, recipe, onEpoch, signal } = request;
  const fit = new BaselineFit(engine, examples, request);
  let best: (FittedBaseline & { rmse: number }) | undefined;
  try {
    for (let epoch = 1; epoch <= recipe.epochs; epoch++) {
      const began = performance.now();
      const loss = await fit.epoch(signal);
      if (loss === undefined) return undefined;
      const { weights } = fit;
      const scores = scoresOf(predictBaseline(engine.tf, config, weights, validation));
      const rmse = pooledRmse(scores);
      const better = !best || rmse < best.rmse;
      if (better) best = { weights, bestEpoch: epoch, rmse };
      const seconds = (performance.now() - began) / 1000;
      await onEpoch?.({ epoch, loss, validation: scores, rmse, best: better, seconds });
      if (epoch - best!.bestEpoch >= recipe.patience) break;
    }
  } finally {
    fit.dispose();
  }
  return best;
}

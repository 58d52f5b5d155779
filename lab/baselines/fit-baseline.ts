import type { Engine } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';
import { type Scores, scoresOf } from '../evaluate/score.ts';
import type { SeedExample } from './examples.ts';
import { SeedFit, type SeedFitOptions } from './fit.ts';
import { predictSeed } from './predict.ts';

export interface SeedEpoch {
  readonly epoch: number;
  readonly loss: number;
  readonly validation: Scores;
  /** RMSE over both axes on the validation songs: what epochs are compared by. */
  readonly rmse: number;
  readonly best: boolean;
  readonly seconds: number;
}

export interface FitSeedRequest extends SeedFitOptions {
  readonly engine: Engine;
  readonly examples: readonly SeedExample[];
  /** Never learned from. */
  readonly validation: readonly SeedExample[];
  readonly onEpoch?: (epoch: SeedEpoch) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface SeedFitted {
  readonly weights: Weights;
  readonly bestEpoch: number;
}

/** Epoch after epoch until nothing was gained for `patience` of them; the best weights; undefined where `signal` ended it. */
export async function fitSeed(request: FitSeedRequest): Promise<SeedFitted | undefined> {
  const { engine, examples, validation, config, recipe, onEpoch, signal } = request;
  const fit = new SeedFit(engine, examples, request);
  let best: (SeedFitted & { rmse: number }) | undefined;
  try {
    for (let epoch = 1; epoch <= recipe.epochs; epoch++) {
      const began = performance.now();
      const loss = await fit.epoch(signal);
      if (loss === undefined) return undefined;
      const { weights } = fit;
      const scores = scoresOf(predictSeed(engine.tf, config, weights, validation));
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

/** Over both axes, each as often labelled as the other. */
export function pooledRmse({ valence, arousal }: Scores): number {
  return Math.sqrt((valence.rmse ** 2 + arousal.rmse ** 2) / 2);
}

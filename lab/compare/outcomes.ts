import type { Engine } from '../../src/model/engine.ts';
import { textTable } from '../../src/util/text-table.ts';
import { scoresOfSteps } from '../evaluate/score.ts';
import type { StoredPrediction } from './prediction-store.ts';
import type { System } from './system.ts';

/** Predictions of a system in each fold, or the reason why it failed in one. */
export interface SystemOutcome {
  readonly system: System;
  /** One for each finished fold, in order. */
  readonly predictions: readonly StoredPrediction[];
  readonly failure?: string;
}

/** Measures the time of a step of each system on this machine and returns outcomes with these times. */
export async function withStepTimes(
  outcomes: readonly SystemOutcome[],
  engine: Engine,
): Promise<SystemOutcome[]> {
  const timed: SystemOutcome[] = [];
  for (const outcome of outcomes) {
    const { system, predictions, failure } = outcome;
    if (!system.stepMs || failure !== undefined) {
      timed.push(outcome);
      continue;
    }
    const msPerStep = await system.stepMs(engine);
    timed.push({
      ...outcome,
      predictions: predictions.map((one) => ({ ...one, cost: { ...one.cost, msPerStep } })),
    });
  }
  return timed;
}

const HEAD = ['system', 'RMSE', 'R2', 'CCC', 'r', 'RMSE', 'R2', 'CCC', 'r'] as const;

/** The table that `undertone compare` prints: arousal, then valence, all folds pooled. */
export function plainTable(outcomes: readonly SystemOutcome[]): string {
  const rows = outcomes.map(({ system, predictions, failure }) => {
    if (failure !== undefined) return [system.title, `failed in ${failure}`];
    const { arousal, valence } = scoresOfSteps(predictions.flatMap(({ steps }) => steps));
    const numbers = [arousal, valence].flatMap(({ rmse, r2, ccc, r }) => [rmse, r2, ccc, r]);
    return [system.title, ...numbers.map((x) => (Number.isFinite(x) ? x.toFixed(3) : '–'))];
  });
  return textTable([HEAD, ...rows]);
}

import { textTable } from '../../src/util/text-table.ts';
import { scoresOfSteps } from '../evaluate/scored-steps.ts';
import type { SystemOutcome } from './compare-systems.ts';

const HEAD = ['system', 'RMSE', 'R2', 'CCC', 'r', 'RMSE', 'R2', 'CCC', 'r'] as const;

/** What the command prints at its end: arousal, then valence, all folds pooled. */
export function plainTable(outcomes: readonly SystemOutcome[]): string {
  const rows = outcomes.map(({ system, answers, failure }) => {
    if (failure !== undefined) return [system.title, `failed in ${failure}`];
    const { arousal, valence } = scoresOfSteps(answers.flatMap(({ steps }) => steps));
    const numbers = [arousal, valence].flatMap(({ rmse, r2, ccc, r }) => [rmse, r2, ccc, r]);
    return [system.title, ...numbers.map((x) => (Number.isFinite(x) ? x.toFixed(3) : '–'))];
  });
  return textTable([HEAD, ...rows]);
}

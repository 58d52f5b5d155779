import type { Engine } from '../../src/model/engine.ts';
import type { SystemOutcome } from './compare-systems.ts';

/** The outcomes with what a step of each system takes now, on this machine. */
export async function withStepTimes(
  outcomes: readonly SystemOutcome[],
  engine: Engine,
): Promise<SystemOutcome[]> {
  const timed: SystemOutcome[] = [];
  for (const outcome of outcomes) {
    const { system, answers, failure } = outcome;
    if (!system.stepMs || failure !== undefined) {
      timed.push(outcome);
      continue;
    }
    const msPerStep = await system.stepMs(engine);
    timed.push({
      ...outcome,
      answers: answers.map((answer) => ({ ...answer, cost: { ...answer.cost, msPerStep } })),
    });
  }
  return timed;
}

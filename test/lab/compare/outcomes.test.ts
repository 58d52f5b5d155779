import { expect, test } from 'vitest';
import { type SystemOutcome, withStepTimes } from '../../../lab/compare/outcomes.ts';
import type { System } from '../../../lab/compare/system.ts';
import type { Engine } from '../../../src/model/engine.ts';

const engine = { name: 'wasm' } as Engine;

function outcome(stepMs?: System['stepMs'], failure?: string): SystemOutcome {
  const cost = { parameters: 1, bytes: 4, msPerStep: 40 };
  return {
    system: { name: 'some', ...(stepMs && { stepMs }) },
    predictions: [{ cost }, { cost }],
    ...(failure && { failure }),
  } as unknown as SystemOutcome;
}

const times = ({ predictions }: SystemOutcome) => predictions.map(({ cost }) => cost.msPerStep);

test('measures the time of a step for each report and ignores the stored time', async () => {
  const engines: Engine[] = [];
  const measured = outcome(async (given) => {
    engines.push(given);
    return 25;
  });
  const [fresh, kept] = await withStepTimes([measured, outcome()], engine);
  expect(times(fresh!)).toEqual([25, 25]);
  expect(times(kept!)).toEqual([40, 40]);
  expect(engines).toEqual([engine]);
});

test('does not measure a failed system', async () => {
  const failed = outcome(() => Promise.reject(new Error('it cannot be loaded')), 'fold 2: a tree fell');
  expect(await withStepTimes([failed], engine)).toEqual([failed]);
});

import { expect, test } from 'vitest';
import type { SystemOutcome } from '../../../lab/compare/compare-systems.ts';
import type { System } from '../../../lab/compare/system.ts';
import { withStepTimes } from '../../../lab/compare/with-step-times.ts';
import type { Engine } from '../../../src/model/engine.ts';

const engine = { name: 'wasm' } as Engine;

function outcome(stepMs?: System['stepMs'], failure?: string): SystemOutcome {
  const cost = { parameters: 1, bytes: 4, msPerStep: 40 };
  return {
    system: { name: 'some', ...(stepMs && { stepMs }) },
    answers: [{ cost }, { cost }],
    ...(failure && { failure }),
  } as unknown as SystemOutcome;
}

const times = ({ answers }: SystemOutcome) => answers.map(({ cost }) => cost.msPerStep);

test('what a step takes is measured for the report, not taken from a busier hour', async () => {
  const asked: Engine[] = [];
  const measured = outcome(async (given) => {
    asked.push(given);
    return 25;
  });
  const [fresh, kept] = await withStepTimes([measured, outcome()], engine);
  expect(times(fresh!)).toEqual([25, 25]);
  expect(times(kept!)).toEqual([40, 40]);
  expect(asked).toEqual([engine]);
});

test('a system that failed is not measured', async () => {
  const failed = outcome(() => Promise.reject(new Error('it cannot even be loaded')), 'fold 2: a tree fell');
  expect(await withStepTimes([failed], engine)).toEqual([failed]);
});

import { expect, test } from 'vitest';
import { createStepper, MAX_BATCH, MAX_BATCH_MS } from '../../src/model/stepper.ts';
import type { EmotionModel, ModelInput, ModelOutput } from '../../src/types.ts';

/** Its valence is the number of the step. */
function countingModel(batches: number[]): EmotionModel {
  return {
    name: 'counting',
    engine: 'none',
    initialState: () => ({}),
    step(inputs) {
      batches.push(inputs.length);
      if (inputs.some(({ window }) => window.step < 0)) throw new Error('bad window');
      return inputs.map(({ window }) => ({ valence: window.step }) as ModelOutput);
    },
    dispose() {},
  };
}

const input = (step: number) => ({ window: { step }, state: {} }) as ModelInput;

test('steps requested in one turn run in one batch, and each gets its output', async () => {
  const batches: number[] = [];
  const stepper = createStepper(countingModel(batches));
  const outputs = await Promise.all([5, 7, 9].map((step) => stepper.step(input(step))));
  expect(outputs.map(({ valence }) => valence)).toEqual([5, 7, 9]);
  expect(batches).toEqual([3]);
});

test('no batch is larger than the limit', async () => {
  const batches: number[] = [];
  const stepper = createStepper(countingModel(batches));
  const steps = Array.from({ length: 2 * MAX_BATCH + 5 }, (_, i) => i);
  const outputs = await Promise.all(steps.map((step) => stepper.step(input(step))));
  expect(outputs.map(({ valence }) => valence)).toEqual(steps);
  expect(batches).toEqual([MAX_BATCH, MAX_BATCH, 5]);
});

test('steps of a slow model run in small batches, which block the event loop less', async () => {
  const batches: number[] = [];
  const model = countingModel(batches);
  let ms = 0;
  const slow: EmotionModel = {
    ...model,
    step(inputs) {
      ms += 10 * inputs.length;
      return model.step(inputs);
    },
  };
  const stepper = createStepper(slow, () => ms);
  const crowd = () => Promise.all(Array.from({ length: 40 }, (_, i) => stepper.step(input(i))));
  for (let turn = 0; turn < 5; turn++) await crowd();
  batches.length = 0;
  const outputs = await crowd();
  expect(outputs.map(({ valence }) => valence)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(Math.max(...batches)).toBe(MAX_BATCH_MS / 10);
});

test('an error rejects the steps of its batch, and the next batch runs', async () => {
  const stepper = createStepper(countingModel([]));
  await expect(stepper.step(input(-1))).rejects.toThrow('bad window');
  await expect(stepper.step(input(2))).resolves.toMatchObject({ valence: 2 });
});

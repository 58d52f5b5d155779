import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { EarlyStep } from '../../src/model/early-step.ts';
import {
  BUSY_WITHOUT_EARLY,
  createStepper,
  MAX_BATCH,
  MAX_BATCH_MS,
  MAX_EARLY_MS,
} from '../../src/model/stepper.ts';
import type { EarlyPart, EmotionModel, ModelInput, ModelOutput } from '../../src/types.ts';

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

describe('steps that are computed in part before they are due', () => {
  /** Logs its batches; a part is computed once. */
  function earlyModel(log: string[]): EmotionModel {
    const model = countingModel([]);
    return {
      ...model,
      step(inputs) {
        log.push(`${inputs.length} steps`);
        return model.step(inputs);
      },
      early: {
        isDue: ({ early }) => early === undefined,
        compute(inputs) {
          log.push(`${inputs.length} early`);
          if (inputs.some(({ window }) => !window.fine)) throw new Error('no window');
          return inputs.map(({ state }): EarlyPart => ({ before: state }));
        },
      },
    };
  }

  const fine = { mel: new Float32Array(0), frames: 16, newFrames: 16 };
  const earlyOf = (stepper: ReturnType<typeof createStepper>, window = { fine }) =>
    new EarlyStep(stepper, () => ({ window, state: {} }));

  test('run in one batch, after the steps that wait', async () => {
    const log: string[] = [];
    const stepper = createStepper(earlyModel(log), () => 0);
    const streams = [earlyOf(stepper), earlyOf(stepper)];
    for (const stream of [...streams, ...streams]) stream.request();
    await stepper.step(input(1));
    for (let i = 0; i < 3; i++) await turn();
    expect(log).toEqual(['1 steps', '2 early']);
    for (const stream of streams) stream.request(); // Nothing is left to compute.
    await turn();
    expect(log).toHaveLength(2);
    expect(streams[0]!.take()).toBeDefined();
    expect(streams[0]!.take()).toBeUndefined();
  });

  test('run in batches that hold up no step for long', async () => {
    const log: string[] = [];
    let ms = 0;
    const model = earlyModel(log);
    const slow = {
      ...model.early!,
      compute: (inputs: Parameters<NonNullable<EmotionModel['early']>['compute']>[0]) => {
        ms += 4 * inputs.length;
        return model.early!.compute(inputs);
      },
    };
    const stepper = createStepper({ ...model, early: slow }, () => ms);
    for (let round = 0; round < 20; round++) {
      earlyOf(stepper).request();
      await turn();
      ms += 1_000;
    }
    log.length = 0;
    for (let i = 0; i < 5; i++) earlyOf(stepper).request();
    for (let i = 0; i < 5; i++) await turn();
    expect(log).toEqual([`${Math.floor(MAX_EARLY_MS / 4)} early`, '2 early', '1 early']);
  });

  test('are left to the step while the thread is busy', async () => {
    const log: string[] = [];
    let ms = 0;
    const model = earlyModel(log);
    const slow: EmotionModel = {
      ...model,
      step(inputs) {
        ms += 2_000 * BUSY_WITHOUT_EARLY;
        return model.step(inputs);
      },
    };
    const stepper = createStepper(slow, () => ms);
    await stepper.step(input(1));
    const stream = earlyOf(stepper);
    stream.request();
    await turn();
    await turn();
    expect(log).toEqual(['1 steps']);
    ms += 2_000;
    stream.request();
    await turn();
    await turn();
    expect(log).toEqual(['1 steps', '1 early']);
  });

  test('are left to the step after an error', async () => {
    const stepper = createStepper(earlyModel([]), () => 0);
    const stream = earlyOf(stepper, {} as { fine: typeof fine });
    stream.request();
    await turn();
    expect(stream.take()).toBeUndefined();
  });
});

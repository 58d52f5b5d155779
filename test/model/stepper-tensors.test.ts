import { expect, test } from 'vitest';
import { Random } from '../../lab/train/random.ts';
import { loadEngine } from '../../src/model/engine.ts';
import { loadModel } from '../../src/model/load.ts';
import { createStepper } from '../../src/model/stepper.ts';
import { HARMONY_FEATURES } from '../../src/stream/chroma/harmony.ts';
import { madeUpWindow } from './made-up.ts';

test('streams that join and leave, in batches of any size, leave no tensors behind', async () => {
  const engine = await loadEngine('wasm');
  const stepper = createStepper(await loadModel('undertone-lite', engine));
  const random = new Random(1);
  const harmony = new Float32Array(HARMONY_FEATURES);
  const stream = async (steps: number) => {
    let state = stepper.model.initialState();
    for (let step = 0; step < steps; step++) {
      const window = { ...madeUpWindow(step, random), harmony };
      ({ state } = await stepper.step({ window, state }));
    }
  };
  await stream(1);
  const { numTensors } = engine.tf.memory();
  const running = new Set<Promise<void>>();
  for (let i = 0; i < 60; i++) {
    const one = stream(1 + random.below(6)).finally(() => running.delete(one));
    running.add(one);
    if (running.size > random.below(12)) await Promise.race(running);
  }
  await Promise.all(running);
  expect(engine.tf.memory().numTensors).toBe(numTensors);
});

import { expect, test, vi } from 'vitest';
import { Random } from '../../lab/train/random.ts';
import { type ChosenEngine, chooseEngine, loadEngine } from '../../src/model/engine.ts';
import { loadModel } from '../../src/model/load.ts';
import { HARMONY_FEATURES } from '../../src/stream/chroma/harmony.ts';
import { madeUpWindow } from './made-up.ts';

async function watched() {
  const engine = await chooseEngine('wasm');
  const load = vi.fn(engine.load);
  return { load, engine: { ...engine, load } satisfies ChosenEngine };
}

test('undertone-lite runs on wasm without TensorFlow.js, and predicts the same as with it', async () => {
  const { engine, load } = await watched();
  const model = await loadModel('undertone-lite', engine);
  const window = { ...madeUpWindow(1, new Random(1)), harmony: new Float32Array(HARMONY_FEATURES) };
  const input = { window, state: model.initialState() };
  const outputs = await model.step([input]);
  expect(load).not.toHaveBeenCalled();
  const loaded = await loadModel('undertone-lite', await loadEngine('wasm'));
  expect(await loaded.step([input])).toEqual(outputs);
});

test('a model that needs TensorFlow.js loads it, once', async () => {
  const { engine, load } = await watched();
  await Promise.all([loadModel('seed-a', engine), loadModel('seed-b', engine)]);
  expect(load).toHaveBeenCalledTimes(2);
  expect(await engine.load()).toBe(await engine.load());
});

test('other engines are loaded when they are chosen', async () => {
  const chosen = await chooseEngine('cpu');
  const { name, description } = await chosen.load();
  expect(chosen).toMatchObject({ name, description });
  await expect(chooseEngine('abacus' as 'cpu')).rejects.toMatchObject({ code: 'unknown-engine' });
});

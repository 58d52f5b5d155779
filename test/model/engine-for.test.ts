import { expect, it } from 'vitest';
import { engineFor } from '../../src/model/load.ts';

it('is wasm for the lite model, which native TensorFlow computes no faster', async () => {
  expect(await engineFor('undertone-lite', 'auto')).toBe('wasm');
});

it('is the best one installed for other models, and for those that are not there', async () => {
  for (const model of ['undertone', 'seed-a', 'no-such-model', '/no/such/folder'])
    expect(await engineFor(model, 'auto')).toBe('auto');
});

it('is the one that the user names', async () => {
  for (const engine of ['node', 'cpu', 'wasm'] as const)
    expect(await engineFor('undertone-lite', engine)).toBe(engine);
});

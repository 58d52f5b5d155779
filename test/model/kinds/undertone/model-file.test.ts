import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadEngine } from '../../../../src/model/engine.ts';
import { readModel, writeModel } from '../../../../src/model/kinds/undertone/model-file.ts';
import { findModel, loadModel } from '../../../../src/model/load.ts';
import { madeUpModel } from '../../made-up.ts';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'undertone-model-')), 'made-up');
  await writeModel(folder, madeUpModel());
});

async function changeHeader(change: (header: Record<string, unknown>) => void): Promise<void> {
  const path = join(folder, 'model.json');
  const header = JSON.parse(await readFile(path, 'utf8'));
  change(header);
  await writeFile(path, JSON.stringify(header));
}

test('a model is read as it was written, to the last bit', async () => {
  expect(await readModel(folder)).toEqual(madeUpModel());
});

test('a model is found by name or by path', async () => {
  expect(await findModel('made-up', { modelsFolder: join(folder, '..') })).toBe(folder);
  expect(await findModel(folder)).toBe(folder);
});

test('the error for an unknown name lists the models', async () => {
  await expect(findModel('mode-up', { modelsFolder: join(folder, '..') })).rejects.toThrow(
    'There is no model "mode-up"; expected one of made-up,',
  );
});

test('truncated weights are an error', async () => {
  await truncate(join(folder, 'weights.bin'), 1000);
  await expect(readModel(folder)).rejects.toMatchObject({ code: 'bad-model', message: /end within/ });
});

test('an array of another shape is an error', async () => {
  await changeHeader((header) => {
    header.network = { inputs: 960, projection: 13, hidden: 8 };
  });
  await expect(readModel(folder)).rejects.toMatchObject({
    code: 'bad-model',
    message: /where .* was expected/,
  });
});

test('another number of inputs is an error', async () => {
  await changeHeader((header) => {
    header.network = { inputs: 959, projection: 12, hidden: 8 };
  });
  await expect(readModel(folder)).rejects.toMatchObject({ code: 'bad-model', message: /959/ });
});

test('a later format is an error', async () => {
  await changeHeader((header) => {
    header.format = 2;
  });
  await expect(readModel(folder)).rejects.toMatchObject({ code: 'bad-model', message: /format/ });
});

test('a header that is not JSON is an error', async () => {
  await writeFile(join(folder, 'model.json'), 'weights');
  await expect(readModel(folder)).rejects.toMatchObject({ code: 'bad-model' });
});

test.each(['undertone', 'undertone-lite'])('the shipped model loads: %s', async (name) => {
  const model = await loadModel(name, await loadEngine('wasm'));
  expect(model.name).toBe(name);
  expect(Object.keys(model.initialState())).toEqual(expect.arrayContaining(['h', 'c']));
  model.dispose();
});

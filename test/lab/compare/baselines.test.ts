import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BASELINE_SYSTEMS } from '../../../lab/compare/systems/baselines.ts';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { artistFolds } from '../../../lab/train/protocol.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';

test('an aborted training predicts nothing', async () => {
  const stop = new AbortController();
  stop.abort();
  const request = {
    dataset: await readDataset(await makeData(24)),
    fft: await loadFft(),
    cacheFolder: await mkdtemp(join(tmpdir(), 'undertone-cache-')),
    fold: artistFolds(3)[0]!,
    engine: await loadEngine('wasm'),
    ...{ seed: 1, brief: true as const, signal: stop.signal, onProgress: () => {} },
  };
  expect(await BASELINE_SYSTEMS[0]!.predict(request)).toBeUndefined();
});

test('an unknown recipe is rejected with the known names', async () => {
  const [system] = BASELINE_SYSTEMS;
  const task = { recipe: 'paper-z', brief: undefined } as unknown as Parameters<
    NonNullable<typeof system>['predict']
  >[0];
  await expect(system!.predict(task)).rejects.toThrow(/no recipe "paper-z"; choose one of paper-a, /);
});

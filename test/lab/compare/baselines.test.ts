import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkPrediction } from '../../../lab/compare/check-prediction.ts';
import { labeledClips } from '../../../lab/compare/labeled-clips.ts';
import { BASELINE_SYSTEMS } from '../../../lab/compare/systems/baselines.ts';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { artistFolds } from '../../../lab/train/protocol.ts';
import { isInstalled, loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';

test('baselines train on a fold and predict its evaluated clips', async () => {
  const [dataset, fft] = [await readDataset(await makeData(24)), await loadFft()];
  const cacheFolder = await mkdtemp(join(tmpdir(), 'undertone-cache-'));
  const [fold] = artistFolds(3) as [ReturnType<typeof artistFolds>[number]];
  const native = isInstalled('node');
  const engine = await loadEngine(native ? 'node' : 'wasm');
  const common = { dataset, fft, cacheFolder, fold, engine, seed: 1, brief: true as const };
  const evaluated = (await labeledClips(common)).filter(({ clip }) => fold.isEvaluated(clip.song));
  for (const system of BASELINE_SYSTEMS) {
    if (!native && ['seed-c', 'cnn'].includes(system.name)) continue; // convolutions need a native engine
    let reports = 0;
    const signal = new AbortController().signal;
    const prediction = (await system.predict({ ...common, signal, onProgress: () => reports++ }))!;
    checkPrediction(prediction, evaluated);
    expect(prediction.steps.length, system.name).toBe(8 * evaluated.length);
    expect(prediction.curve!.length).toBeGreaterThanOrEqual(4);
    expect(await system.stepMs!(engine)).toBeGreaterThan(0);
    expect(prediction.classes !== undefined).toBe(['seed-c', 'cnn', 'lstm'].includes(system.name));
    expect(reports).toBeGreaterThan(4);
    system.release?.();
  }
  const stop = new AbortController();
  stop.abort();
  expect(
    await BASELINE_SYSTEMS[0]!.predict({ ...common, signal: stop.signal, onProgress: () => {} }),
  ).toBeUndefined();
});

test('an unknown recipe is rejected with the known names', async () => {
  const [system] = BASELINE_SYSTEMS;
  const task = { recipe: 'paper-z', brief: undefined } as unknown as Parameters<
    NonNullable<typeof system>['predict']
  >[0];
  await expect(system!.predict(task)).rejects.toThrow(/no recipe "paper-z"; choose one of paper-a, /);
});

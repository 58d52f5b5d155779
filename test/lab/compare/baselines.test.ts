import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labelledClips } from '../../../lab/compare/labelled-clips.ts';
import { checkAnswer } from '../../../lab/compare/prediction-store.ts';
import { BASELINE_SYSTEMS } from '../../../lab/compare/systems/baselines.ts';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { artistFolds } from '../../../lab/train/protocol.ts';
import { isInstalled, loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';

test('the systems of the literature learn in a fold and answer for its judged clips', async () => {
  const [dataset, fft] = [await readDataset(await makeData(24)), await loadFft()];
  const cacheFolder = await mkdtemp(join(tmpdir(), 'undertone-cache-'));
  const [fold] = artistFolds(3) as [ReturnType<typeof artistFolds>[number]];
  const native = isInstalled('node');
  const engine = await loadEngine(native ? 'node' : 'wasm');
  const common = { dataset, fft, cacheFolder, fold, engine, seed: 1, brief: true as const };
  const judged = (await labelledClips(common)).filter(({ clip }) => fold.judges(clip.song));
  for (const system of BASELINE_SYSTEMS) {
    if (!native && ['seed-c', 'cnn'].includes(system.name)) continue; // convolutions are learned natively alone
    let told = 0;
    const signal = new AbortController().signal;
    const answer = (await system.answer({ ...common, signal, onProgress: () => told++ }))!;
    checkAnswer(answer, judged);
    expect(answer.steps.length, system.name).toBe(8 * judged.length);
    expect(answer.curve!.length).toBeGreaterThanOrEqual(4);
    expect(await system.stepMs!(engine)).toBeGreaterThan(0);
    expect(answer.classes !== undefined).toBe(['seed-c', 'cnn', 'lstm'].includes(system.name));
    expect(told).toBeGreaterThan(4);
    system.release?.();
  }
  const stop = new AbortController();
  stop.abort();
  expect(
    await BASELINE_SYSTEMS[0]!.answer({ ...common, signal: stop.signal, onProgress: () => {} }),
  ).toBeUndefined();
});

test('a recipe that is not there is refused with the names there are', async () => {
  const [system] = BASELINE_SYSTEMS;
  const task = { recipe: 'paper-z', brief: undefined } as unknown as Parameters<
    NonNullable<typeof system>['answer']
  >[0];
  await expect(system!.answer(task)).rejects.toThrow(/no recipe "paper-z"; choose one of paper-a, /);
});

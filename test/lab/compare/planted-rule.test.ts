import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkPrediction } from '../../../lab/compare/check-prediction.ts';
import { labeledClips } from '../../../lab/compare/labeled-clips.ts';
import type { FoldTask } from '../../../lab/compare/system.ts';
import { BASELINE_SYSTEMS } from '../../../lab/compare/systems/baselines.ts';
import { SYSTEMS } from '../../../lab/compare/systems/index.ts';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { scoresOfSteps } from '../../../lab/evaluate/score.ts';
import { artistFolds } from '../../../lab/train/protocol.ts';
import { isInstalled, loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';

/** Convolutions need a native engine to train: these systems are tested by `npm run test:native`. */
const NATIVE_ONLY = ['seed-c', 'cnn'];
const native = isInstalled('node');
/** Convolutions need more songs. */
const songs = native ? 60 : 36;
const systems = SYSTEMS.filter(({ name }) => native || !NATIVE_ONLY.includes(name));
/** Minimum correlation with the labels of songs that are not in the training data. */
const LEARNED = 0.5;

let task: FoldTask;

beforeAll(async () => {
  task = {
    fold: artistFolds(4)[0]!,
    dataset: await readDataset(await makeData(songs)),
    engine: await loadEngine(native ? 'node' : 'wasm'),
    fft: await loadFft(),
    cacheFolder: await mkdtemp(join(tmpdir(), 'undertone-cache-')),
    seed: 1,
    brief: true,
    signal: new AbortController().signal,
    onProgress: () => {},
  };
});

test('every system has a unique name and a description', () => {
  expect(new Set(SYSTEMS.map(({ name }) => name)).size).toBe(SYSTEMS.length);
  for (const { name, about, version } of SYSTEMS) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(about).toMatch(/\.$/);
    expect(version).not.toBe('');
  }
});

for (const system of systems) {
  const { name } = system;
  test(`${name} learns that louder is more arousal and brighter more valence`, async () => {
    let reports = 0;
    const prediction = (await system.predict({ ...task, onProgress: () => reports++ }))!;
    const evaluated = (await labeledClips(task)).filter(({ clip }) => task.fold.isEvaluated(clip.song));
    checkPrediction(prediction, evaluated);
    if (BASELINE_SYSTEMS.includes(system)) {
      expect(prediction.steps.length).toBe(8 * evaluated.length);
      expect(prediction.curve!.length).toBeGreaterThanOrEqual(4);
      expect(await system.stepMs!(task.engine)).toBeGreaterThan(0);
      expect(prediction.classes !== undefined).toBe(['seed-c', 'cnn', 'lstm'].includes(name));
      expect(reports).toBeGreaterThan(4);
    }
    system.release?.();
    const { arousal, valence } = scoresOfSteps(prediction.steps);
    if (name === 'constant') {
      expect(Math.max(arousal.r2, valence.r2)).toBeLessThanOrEqual(0); // the reference that the others must beat
      return;
    }
    // A standardizes its inputs clip by clip, which removes loudness.
    if (!name.startsWith('seed-a')) expect(arousal.r).toBeGreaterThan(LEARNED);
    expect(valence.r).toBeGreaterThan(LEARNED);
  });
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { labelledClips } from '../../../lab/compare/labelled-clips.ts';
import { checkAnswer } from '../../../lab/compare/prediction-store.ts';
import type { FoldTask } from '../../../lab/compare/system.ts';
import { SYSTEMS } from '../../../lab/compare/systems.ts';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { scoresOfSteps } from '../../../lab/evaluate/scored-steps.ts';
import { artistFolds } from '../../../lab/train/protocol.ts';
import { isInstalled, loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';

/** Convolutions are learned on the native engine alone: those systems take part in `npm run test:native`. */
const NATIVE_ONLY = ['seed-c', 'cnn'];
const native = isInstalled('node');
/** Convolutions need more of them. */
const songs = native ? 60 : 36;
const systems = SYSTEMS.filter(({ name }) => native || !NATIVE_ONLY.includes(name));
/** Correlation with the labels of songs that were not learned from, after the fewest epochs. */
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

test('names are told apart, and every system has a sentence about it', () => {
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
    const answer = (await system.answer(task))!;
    system.release?.();
    const judged = (await labelledClips(task)).filter(({ clip }) => task.fold.judges(clip.song));
    checkAnswer(answer, judged);
    const { arousal, valence } = scoresOfSteps(answer.steps);
    if (name === 'constant') {
      expect(Math.max(arousal.r2, valence.r2)).toBeLessThanOrEqual(0); // which is what the others have to beat
      return;
    }
    // A's inputs are standardised clip by clip: how loud a clip is they do not tell.
    if (!name.startsWith('seed-a')) expect(arousal.r).toBeGreaterThan(LEARNED);
    expect(valence.r).toBeGreaterThan(LEARNED);
  });
}

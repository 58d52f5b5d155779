import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isValidation } from '../../../../lab/compare/folds.ts';
import { labelledClips } from '../../../../lab/compare/labelled-clips.ts';
import { checkAnswer } from '../../../../lab/compare/prediction-store.ts';
import type { FoldTask } from '../../../../lab/compare/system.ts';
import { CLASSICAL_SYSTEMS } from '../../../../lab/compare/systems/classical.ts';
import { readDataset } from '../../../../lab/datasets/dataset.ts';
import { scoresOfSteps } from '../../../../lab/evaluate/scored-steps.ts';
import { artistFolds } from '../../../../lab/train/protocol.ts';
import { loadEngine } from '../../../../src/model/engine.ts';
import { quadrantOf } from '../../../../src/mood.ts';
import { loadFft } from '../../../../src/stream/fft.ts';
import { makeData } from '../../train/made-up-data.ts';

let task: FoldTask;

beforeAll(async () => {
  task = {
    fold: artistFolds(3)[0]!,
    dataset: await readDataset(await makeData(90)),
    engine: await loadEngine('cpu'),
    fft: await loadFft(),
    cacheFolder: await mkdtemp(join(tmpdir(), 'undertone-classical-')),
    seed: 1,
    brief: true,
    signal: new AbortController().signal,
    onProgress: () => {},
  };
});

test('there is one system of each name', () => {
  expect(CLASSICAL_SYSTEMS.map(({ name }) => name)).toEqual(['linear', 'svm', 'tree', 'forest']);
});

describe.each(CLASSICAL_SYSTEMS.map((system) => [system.name, system] as const))('%s', (name, system) => {
  test('learns that louder is more arousal and brighter more valence', async () => {
    const seen: number[] = [];
    const answer = await system.answer({ ...task, onProgress: (done, of) => seen.push(done / of) });
    const judged = (await labelledClips(task)).filter(({ clip }) => task.fold.judges(clip.song));
    checkAnswer(answer!, judged);
    const { steps, classes, cost } = answer!;
    const { valence, arousal } = scoresOfSteps(steps);
    expect(valence.r2).toBeGreaterThan(0.4);
    expect(arousal.r2).toBeGreaterThan(0.4);
    // A sd is the error on other songs than these: of the same size, and never nothing.
    expect(steps[0]!.sd.arousal / arousal.rmse).toBeGreaterThan(0.4);
    expect(steps[0]!.sd.arousal / arousal.rmse).toBeLessThan(2.5);
    expect(cost.parameters).toBeGreaterThan(0);
    expect(cost.bytes).toBeGreaterThan(0);
    expect(cost.msPerStep).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(0);
    if (name === 'linear') expect(classes).toBeUndefined();
    else {
      const right = steps.filter(({ label }, i) => {
        const shares = classes!.quadrants.subarray(4 * i, 4 * i + 4);
        return shares.indexOf(Math.max(...shares)) === quadrantOf(label.valence, label.arousal);
      });
      expect(right.length / steps.length).toBeGreaterThan(0.5);
    }
  });

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    expect(await system.answer({ ...task, signal: stop.signal, onProgress })).toBeUndefined();
  });

  test('says so where artists are too few', async () => {
    const { dataset } = task;
    const [clip] = dataset.clips;
    const learns = ({ id }: { id: string }) => id === clip!.song.id;
    const fold = { ...task.fold, learns, judges: () => false };
    await expect(system.answer({ ...task, fold })).rejects.toMatchObject({
      name: 'UserError',
      code: 'bad-data',
    });
  });
});

test('the judged songs change nothing but their own answers', async () => {
  const tree = CLASSICAL_SYSTEMS.find(({ name }) => name === 'tree')!;
  const whole = (await tree.answer(task))!.steps;
  const [first] = whole;
  const judges = ({ id }: { id: string }) => id === first!.song;
  const alone = (await tree.answer({ ...task, fold: { ...task.fold, judges } }))!.steps;
  expect(alone).toEqual(whole.filter(({ song }) => song === first!.song));
});

test('about 15 of 100 artists are kept to validate by, all songs of one together', () => {
  const artists = Array.from({ length: 1000 }, (_, i) => `Artist ${i}`);
  const kept = artists.filter((artist) => isValidation({ id: '1', artist }));
  expect(kept.length / artists.length).toBeCloseTo(0.15, 1);
  for (const artist of kept) expect(isValidation({ id: '2', artist: artist.toUpperCase() })).toBe(true);
});

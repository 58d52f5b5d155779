import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkPrediction } from '../../../../lab/compare/check-prediction.ts';
import { isValidation } from '../../../../lab/compare/folds.ts';
import { labeledClips } from '../../../../lab/compare/labeled-clips.ts';
import type { FoldTask } from '../../../../lab/compare/system.ts';
import { CLASSICAL_SYSTEMS } from '../../../../lab/compare/systems/classical.ts';
import { readDataset } from '../../../../lab/datasets/dataset.ts';
import { scoresOfSteps } from '../../../../lab/evaluate/score.ts';
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

test('there are four classical systems', () => {
  expect(CLASSICAL_SYSTEMS.map(({ name }) => name)).toEqual(['linear', 'svm', 'tree', 'forest']);
});

describe.each(CLASSICAL_SYSTEMS.map((system) => [system.name, system] as const))('%s', (name, system) => {
  test('learns that louder is more arousal and brighter more valence', async () => {
    const reports: number[] = [];
    const prediction = await system.predict({ ...task, onProgress: (done, of) => reports.push(done / of) });
    const evaluated = (await labeledClips(task)).filter(({ clip }) => task.fold.isEvaluated(clip.song));
    checkPrediction(prediction!, evaluated);
    const { steps, classes, cost } = prediction!;
    const { valence, arousal } = scoresOfSteps(steps);
    expect(valence.r2).toBeGreaterThan(0.4);
    expect(arousal.r2).toBeGreaterThan(0.4);
    // The sd is the error on other songs: of similar size.
    expect(steps[0]!.sd.arousal / arousal.rmse).toBeGreaterThan(0.4);
    expect(steps[0]!.sd.arousal / arousal.rmse).toBeLessThan(2.5);
    expect(cost.parameters).toBeGreaterThan(0);
    expect(cost.bytes).toBeGreaterThan(0);
    expect(cost.msPerStep).toBeGreaterThan(0);
    expect(reports.length).toBeGreaterThan(0);
    if (name === 'linear') expect(classes).toBeUndefined();
    else {
      const right = steps.filter(({ label }, i) => {
        const shares = classes!.quadrants.subarray(4 * i, 4 * i + 4);
        return shares.indexOf(Math.max(...shares)) === quadrantOf(label.valence, label.arousal);
      });
      expect(right.length / steps.length).toBeGreaterThan(0.5);
    }
  });

  test('stops when its signal aborts', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    expect(await system.predict({ ...task, signal: stop.signal, onProgress })).toBeUndefined();
  });

  test('rejects a fold with too few artists', async () => {
    const { dataset } = task;
    const [clip] = dataset.clips;
    const isTraining = ({ id }: { id: string }) => id === clip!.song.id;
    const fold = { ...task.fold, isTraining, isEvaluated: () => false };
    await expect(system.predict({ ...task, fold })).rejects.toMatchObject({
      name: 'UserError',
      code: 'bad-data',
    });
  });
});

test('evaluated songs affect only their own predictions', async () => {
  const tree = CLASSICAL_SYSTEMS.find(({ name }) => name === 'tree')!;
  const whole = (await tree.predict(task))!.steps;
  const [first] = whole;
  const isEvaluated = ({ id }: { id: string }) => id === first!.song;
  const alone = (await tree.predict({ ...task, fold: { ...task.fold, isEvaluated } }))!.steps;
  expect(alone).toEqual(whole.filter(({ song }) => song === first!.song));
});

test('about 15 % of artists are used for validation, with all of their songs', () => {
  const artists = Array.from({ length: 1000 }, (_, i) => `Artist ${i}`);
  const kept = artists.filter((artist) => isValidation({ id: '1', artist }));
  expect(kept.length / artists.length).toBeCloseTo(0.15, 1);
  for (const artist of kept) expect(isValidation({ id: '2', artist: artist.toUpperCase() })).toBe(true);
});

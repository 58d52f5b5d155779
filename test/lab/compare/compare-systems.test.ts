import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Comparison, compareSystems } from '../../../lab/compare/compare-systems.ts';
import { COMPARE_PROTOCOLS, comparisonFolds } from '../../../lab/compare/folds.ts';
import { plainTable } from '../../../lab/compare/outcomes.ts';
import { openPredictionStore } from '../../../lab/compare/prediction-store.ts';
import { openRunLog } from '../../../lab/compare/run-log.ts';
import type { System } from '../../../lab/compare/system.ts';
import { systemsNamed } from '../../../lab/compare/systems/index.ts';
import { constant, persistence } from '../../../lab/compare/systems/references.ts';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { artistKey } from '../../../lab/datasets/song.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';
import { fakeSystem } from './fake-system.ts';

let common: Pick<Comparison, 'dataset' | 'engine' | 'fft' | 'cacheFolder'>;
let folder: string;

beforeAll(async () => {
  common = {
    dataset: await readDataset(await makeData(20)),
    engine: await loadEngine('cpu'),
    fft: await loadFft(),
    cacheFolder: await mkdtemp(join(tmpdir(), 'undertone-cache-')),
  };
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-compare-'));
});

function compare(systems: readonly System[], more: Partial<Comparison> = {}) {
  return compareSystems({
    ...common,
    systems,
    protocol: 'folds',
    folds: comparisonFolds('folds', 3),
    seed: 1,
    store: openPredictionStore(join(folder, 'answers')),
    log: openRunLog(join(folder, 'compare.jsonl')),
    signal: new AbortController().signal,
    ...more,
  });
}

async function events(): Promise<{ event: string; system?: string; fold?: string }[]> {
  const text = await readFile(join(folder, 'compare.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('evaluates every labeled step once, after training on other artists', async () => {
  const artists: { trained: Set<string>; evaluated: Set<string> }[] = [];
  const spy = fakeSystem('spy', 0.1, ({ fold, dataset }) => {
    const of = (which: typeof fold.isTraining) =>
      new Set(dataset.clips.filter(({ song }) => which(song)).map(({ song }) => artistKey(song.artist)));
    artists.push({ trained: of(fold.isTraining), evaluated: of(fold.isEvaluated) });
  });
  const [outcome] = (await compare([spy]))!;
  expect(outcome!.predictions.flatMap(({ steps }) => steps)).toHaveLength(20 * 8);
  for (const { trained, evaluated } of artists) {
    expect([...evaluated].filter((artist) => trained.has(artist))).toEqual([]);
    expect(trained.size + evaluated.size).toBe(20);
  }
});

test.each(COMPARE_PROTOCOLS)('%s: no artist is in both training and evaluation', (protocol) => {
  const songs = Array.from({ length: 2000 }, (_, i) => ({ id: String(i), artist: `Artist ${i % 900}` }));
  const folds = comparisonFolds(protocol, 5);
  for (const { isTraining, isEvaluated } of folds) {
    const evaluated = new Set(songs.filter(isEvaluated).map(({ artist }) => artist));
    expect(songs.filter((song) => isTraining(song) && evaluated.has(song.artist))).toEqual([]);
    expect(songs.filter((song) => isTraining(song) || isEvaluated(song))).toHaveLength(2000);
    const share = songs.filter(isEvaluated).length / 2000;
    expect(share).toBeGreaterThan(protocol === 'folds' ? 0.15 : 0.11);
    expect(share).toBeLessThan(protocol === 'folds' ? 0.25 : 0.19);
  }
});

describe('after a stop', () => {
  test('produces the same table and does not repeat finished folds', async () => {
    const [a, b] = [fakeSystem('a', 0.1), fakeSystem('b', 0.2)];
    const whole = plainTable((await compare([constant, a, b]))!);

    folder = await mkdtemp(join(tmpdir(), 'undertone-compare-'));
    const stop = new AbortController();
    const stopping = fakeSystem('b', 0.2, ({ fold }) => fold.name === 'fold 2' && stop.abort());
    expect(
      await compare([constant, fakeSystem('a', 0.1), stopping], { signal: stop.signal }),
    ).toBeUndefined();
    const [again, rest] = [fakeSystem('a', 0.1), fakeSystem('b', 0.2)];
    const resumed = await compare([constant, again, rest]);
    expect(plainTable(resumed!)).toBe(whole);
    expect(again.folds).toEqual([]);
    expect(rest.folds).toEqual(['fold 2', 'fold 3']);
    const kept = (await events()).filter(({ event }) => event === 'reused');
    expect(kept.map(({ system, fold }) => `${system} ${fold}`)).toContain('b fold 1');
    expect(kept).toHaveLength(3 + 3 + 1);
  });

  test('repeats a system that has changed, or another seed, but not the others', async () => {
    await compare([fakeSystem('a', 0.1), fakeSystem('b', 0.2)]);
    const [a, b] = [fakeSystem('a', 0.1), fakeSystem('b', 0.2, undefined, { version: '2' })];
    await compare([a, b]);
    expect([a.folds.length, b.folds.length]).toEqual([0, 3]);
    const other = fakeSystem('a', 0.1);
    await compare([other], { seed: 2 });
    expect(other.folds).toHaveLength(3);
  });

  test('restores stored predictions exactly; ignores a table of another run and a damaged one', async () => {
    const classes = Float32Array.from({ length: 4 * 160 }, (_, i) => Math.fround(1 / (3 + (i % 7))));
    const base = fakeSystem('a', 0.1);
    const withClasses = fakeSystem('a', 0.1, undefined, {
      async predict(task) {
        const given = (await base.predict(task))!;
        const part = classes.subarray(0, 4 * given.steps.length);
        return { ...given, classes: { quadrants: part, words: part } };
      },
    });
    const [first] = (await compare([withClasses]))!;
    const idle = fakeSystem('a', 9);
    const [second] = (await compare([idle]))!;
    expect(idle.folds).toEqual([]);
    for (const [i, answer] of second!.predictions.entries()) {
      const { steps, ...rest } = first!.predictions[i]!;
      const exact = steps.map((step) => ({
        ...step,
        predicted: {
          valence: Math.fround(step.predicted.valence),
          arousal: Math.fround(step.predicted.arousal),
        },
        sd: { valence: Math.fround(step.sd.valence), arousal: Math.fround(step.sd.arousal) },
      }));
      expect(answer).toEqual({ ...rest, steps: exact });
    }
    const table = join(folder, 'answers', 'a', 'folds-3-fold-1.csv');
    await writeFile(table, (await readFile(table, 'utf8')).replace('0.', '0.1'));
    await writeFile(join(folder, 'answers', 'a', 'folds-3-fold-2.json'), '');
    const again = fakeSystem('a', 0.1);
    await compare([again]);
    expect(again.folds).toEqual(['fold 1', 'fold 2']);
  });
});

describe('a system that fails', () => {
  const cases: [string, (good: System['predict']) => System['predict'], RegExp][] = [
    ['throws', () => () => Promise.reject(new Error('out of luck')), /^fold 1: out of luck$/],
    [
      'predicts NaN',
      (good) => async (task) => {
        const { steps, ...rest } = (await good(task))!;
        return {
          ...rest,
          steps: steps.map((s, i) => (i === 3 ? { ...s, predicted: { ...s.predicted, valence: NaN } } : s)),
        };
      },
      /^fold 1: its prediction of audio\/\d+\.wav at 2 s is not a number$/,
    ],
    [
      'leaves out a step',
      (good) => async (task) => {
        const { steps, ...rest } = (await good(task))!;
        return { ...rest, steps: steps.slice(1) };
      },
      /^fold 1: it predicted \d+ steps, but \d+ have a label$/,
    ],
    [
      'predicts a standard deviation of 0',
      (good) => async (task) => {
        const { steps, ...rest } = (await good(task))!;
        return { ...rest, steps: steps.map((s) => ({ ...s, sd: { valence: 0, arousal: 0 } })) };
      },
      /^fold 1: its standard deviation of .* is not a positive number$/,
    ],
    [
      'returns the wrong number of probabilities',
      (good) => async (task) => ({
        ...(await good(task))!,
        classes: { quadrants: new Float32Array(4), words: new Float32Array(4) },
      }),
      /^fold 1: its classes of the four quadrants are not \d+ times four probabilities$/,
    ],
  ];
  test.each(cases)(
    'that %s is reported with its reason, and the others continue',
    async (_, spoil, reason) => {
      const good = fakeSystem('bad', 0.1);
      const bad = { ...good, predict: spoil(good.predict) };
      const after = fakeSystem('after', 0.1);
      const outcomes = (await compare([bad, after]))!;
      expect(outcomes[0]!.failure).toMatch(reason);
      expect(outcomes[1]!.predictions).toHaveLength(3);
      expect(plainTable(outcomes)).toMatch(/^bad +failed in fold 1: /m);
      expect(await events()).toContainEqual(expect.objectContaining({ event: 'failed', system: 'bad' }));
    },
  );

  test('is repeated by the next run', async () => {
    await compare([fakeSystem('a', 0.1, () => expect.unreachable())]);
    const repaired = fakeSystem('a', 0.1);
    expect((await compare([repaired]))![0]!.failure).toBeUndefined();
  });
});

test('the constant always predicts the same, and persistence the previous label', async () => {
  const [mean, oracle] = (await compare([constant, persistence]))!;
  const steps = mean!.predictions[0]!.steps;
  expect(new Set(steps.map(({ predicted }) => predicted.valence)).size).toBe(1);
  const { steps: repeated } = oracle!.predictions[0]!;
  expect(repeated[0]!.predicted).toEqual(steps[0]!.predicted); // the first step has no previous label
  expect(repeated[1]!.predicted.arousal).toBeCloseTo(repeated[1]!.label.arousal, 6);
});

test('an unknown system is rejected with the known names', () => {
  expect(() => systemsNamed(['constant', 'crystal-ball'])).toThrow(
    /no system "crystal-ball"; choose from constant, persistence, .*undertone\.$/,
  );
  expect(systemsNamed(['undertone', 'constant']).map(({ name }) => name)).toEqual(['constant', 'undertone']);
});

test('folds without music are rejected before any training', async () => {
  const spy = fakeSystem('a', 0.1);
  await expect(compare([spy], { folds: comparisonFolds('folds', 300) })).rejects.toThrow(/use fewer folds/);
  expect(spy.folds).toEqual([]);
});

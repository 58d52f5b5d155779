import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Dataset, readDataset } from '../../../lab/datasets/dataset.ts';
import { partOf } from '../../../lab/datasets/split.ts';
import { evaluate } from '../../../lab/evaluate/evaluate.ts';
import { evaluateClips } from '../../../lab/evaluate/evaluate-clips.ts';
import { readSplit } from '../../../lab/evaluate/parts.ts';
import { extractExamples } from '../../../lab/train/examples.ts';
import { Fit } from '../../../lab/train/fit.ts';
import { DEFAULT_TRAINING, type TrainOptions } from '../../../lab/train/options.ts';
import { train } from '../../../lab/train/train.ts';
import type { TrainEvent } from '../../../lab/train/train-event.ts';
import { type Engine, loadEngine } from '../../../src/model/engine.ts';
import { readModel } from '../../../src/model/kinds/undertone/model-file.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { SMALL_NETWORK } from '../../model/made-up.ts';
import { makeData } from './made-up-data.ts';

const OPTIONS: TrainOptions = {
  ...DEFAULT_TRAINING,
  network: SMALL_NETWORK,
  epochs: 30,
  patience: 30,
  streams: 4,
  sequenceSteps: 16,
  pieceSteps: [4, 8],
  averaging: 0.9,
  learningRate: 5e-3,
};

let engine: Engine;
let dataset: Dataset;
let root: string;

beforeAll(async () => {
  engine = await loadEngine('wasm');
  dataset = await readDataset(await makeData(60));
  root = await mkdtemp(join(tmpdir(), 'undertone-train-'));
});

async function trainTo(name: string, options: Partial<TrainOptions> = {}): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  await train({
    dataset,
    engine,
    fft: await loadFft(),
    out: join(root, name),
    cacheFolder: join(root, 'cache'),
    options: { ...OPTIONS, ...options },
    onEvent: (event) => events.push(event),
  });
  return events;
}

test('a model learns a planted rule and predicts it for unseen artists on the live path', async () => {
  await trainTo('rule');
  const folder = join(root, 'rule');
  const clips = dataset.clips.filter(({ song }) => partOf(song) === 'held-out');
  const evaluated = await evaluateClips({ dataset, clips, model: folder, engine });
  const { calibration } = await readModel(folder);
  const report = evaluate(
    [...evaluated.values()].map(({ steps }) => steps),
    calibration.labelMean,
  );
  expect(report.songs).toBe(clips.length);
  for (const { rmse, constantRmse, ccc } of Object.values(report.axes)) {
    expect(rmse).toBeLessThan(0.6 * constantRmse);
    expect(ccc).toBeGreaterThan(0.7);
  }

  const split = await readSplit(folder);
  expect(split!['held-out'].length).toBe(clips.length);
  const log = (await readFile(join(folder, 'training.jsonl'), 'utf8')).trim().split('\n');
  expect(log.map((line) => JSON.parse(line).type)).toEqual(['begin', ...Array(30).fill('epoch'), 'done']);
  expect((await readdir(folder)).sort()).toEqual([
    'config.json',
    'learning-curves.svg',
    'model.json',
    'split.json',
    'training.jsonl',
    'weights.bin',
  ]);
});

test('the weights depend on the seed only', async () => {
  await trainTo('a', { epochs: 2 });
  await trainTo('b', { epochs: 2 });
  await trainTo('c', { epochs: 2, seed: 2 });
  const [a, b, c] = await Promise.all(
    ['a', 'b', 'c'].map((name) => readFile(join(root, name, 'weights.bin'))),
  );
  expect(a!.equals(b!)).toBe(true);
  expect(a!.equals(c!)).toBe(false);
});

test('the members of an ensemble can be trained under different weights', async () => {
  const network = { ...SMALL_NETWORK, members: 2 };
  await trainTo('plain', { epochs: 1, network });
  await trainTo('mixed', { epochs: 1, network, decorrelate: [0, 1] });
  const [plain, mixed] = await Promise.all(['plain', 'mixed'].map((name) => readModel(join(root, name))));
  const { shape, values } = plain!.weights['lstm/hidden-kernel']!;
  expect(shape[0]).toBe(2);
  const half = values.length / 2;
  const other = mixed!.weights['lstm/hidden-kernel']!.values;
  expect(other.subarray(0, half)).toEqual(values.subarray(0, half));
  expect(other.subarray(half)).not.toEqual(values.subarray(half));
});

test('training leaks no tensors', async () => {
  const before = engine.tf.memory().numTensors;
  await trainTo('clean', { epochs: 1 });
  expect(engine.tf.memory().numTensors).toBe(before);
});

test('music of one artist cannot be split', async () => {
  const alone: Dataset = { ...dataset, clips: dataset.clips.slice(0, 1) };
  const request = {
    dataset: alone,
    engine,
    fft: await loadFft(),
    out: root,
    cacheFolder: root,
    options: OPTIONS,
  };
  await expect(train(request)).rejects.toMatchObject({ code: 'bad-data', message: /more artists/ });
});

test('an output folder that cannot be created is reported before the training', async () => {
  const options = { epochs: 1 };
  await expect(trainTo('rule/model.json', options)).rejects.toMatchObject({ code: 'bad-output' });
});

test('music that does not fill a batch is used for training', async () => {
  const clips = dataset.clips.slice(0, 3);
  const request = { dataset, clips, engine, fft: await loadFft(), cacheFolder: join(root, 'few') };
  const examples = await extractExamples({ ...request, network: SMALL_NETWORK });
  const fit = new Fit(engine.tf, examples, { ...OPTIONS, epochs: 4, streams: 32, sequenceSteps: 60 });
  const rates: number[] = [];
  while (fit.epochs < 3) {
    rates.push(fit.learningRate);
    await fit.epoch();
  }
  fit.dispose();
  for (const rate of rates) expect(rate).toBeGreaterThan(0);
});

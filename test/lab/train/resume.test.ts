import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Dataset, readDataset } from '../../../lab/datasets/dataset.ts';
import { readCheckpoint } from '../../../lab/train/checkpoint.ts';
import { crossValidate } from '../../../lab/train/cross-validate.ts';
import { extractExamples } from '../../../lab/train/examples.ts';
import { DEFAULT_TRAINING, type TrainOptions } from '../../../lab/train/options.ts';
import { artistFolds } from '../../../lab/train/protocol.ts';
import { clipsHash, openProtocolRun, readPlan } from '../../../lab/train/protocol-run.ts';
import { type TrainRequest, train } from '../../../lab/train/train.ts';
import type { TrainEvent } from '../../../lab/train/train-event.ts';
import { type Engine, loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { SMALL_NETWORK } from '../../model/made-up.ts';
import { makeData } from './made-up-data.ts';

/** With every random augmentation. */
const OPTIONS: TrainOptions = {
  ...DEFAULT_TRAINING,
  network: SMALL_NETWORK,
  epochs: 5,
  patience: 5,
  streams: 4,
  sequenceSteps: 16,
  pieceSteps: [4, 8],
  schedule: 'plateau',
  plateauEpochs: 1,
  equaliserDb: 3,
  noiseChance: 0.3,
  timeMaskChance: 0.3,
  soundVariants: 1,
};

let engine: Engine;
let dataset: Dataset;
let root: string;

beforeAll(async () => {
  engine = await loadEngine('wasm');
  dataset = await readDataset(await makeData(40));
  root = await mkdtemp(join(tmpdir(), 'undertone-resume-'));
});

async function trainTo(name: string, request: Partial<TrainRequest> = {}): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  await train({
    dataset,
    engine,
    fft: await loadFft(),
    out: join(root, name),
    cacheFolder: join(root, 'cache'),
    options: OPTIONS,
    ...request,
    onEvent: (event) => {
      events.push(event);
      request.onEvent?.(event);
    },
  });
  return events;
}

/** Aborts a training in the epoch after `epochs`. */
async function stopAfter(name: string, epochs: number): Promise<unknown> {
  const stop = new AbortController();
  const onEvent = (event: TrainEvent) => {
    if (event.type === 'epoch' && event.epoch === epochs) setImmediate(() => stop.abort());
  };
  return trainTo(name, { signal: stop.signal, onEvent }).catch((fault: unknown) => fault);
}

test('a training that is interrupted and resumed twice writes the same weights as an uninterrupted one', async () => {
  await trainTo('uninterrupted');
  const folder = join(root, 'stopped');
  for (const epochs of [2, 3]) {
    const checkpoint = await readCheckpoint(folder);
    const stop = new AbortController();
    const onEvent = (event: TrainEvent) => {
      if (event.type === 'epoch' && event.epoch === epochs) stop.abort();
    };
    const run = trainTo('stopped', { signal: stop.signal, onEvent, ...(checkpoint ? { checkpoint } : {}) });
    await expect(run).rejects.toMatchObject({
      code: 'stopped',
      message: expect.stringMatching(`after epoch ${epochs} of 5; continue it with .*--resume ${folder}`),
    });
  }
  const events = await trainTo('stopped', { checkpoint: (await readCheckpoint(folder))! });
  expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(2);
  const [uninterrupted, resumed] = await Promise.all(
    ['uninterrupted', 'stopped'].map((name) => readFile(join(root, name, 'weights.bin'))),
  );
  expect(resumed!.equals(uninterrupted!)).toBe(true);
  expect(await readdir(folder)).toEqual(await readdir(join(root, 'uninterrupted')));
  const log = (await readFile(join(folder, 'training.jsonl'), 'utf8')).trim().split('\n');
  const epochs = log.map((line) => JSON.parse(line)).filter(({ type }) => type === 'epoch');
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
}, 120_000);

test('an ensemble training resumes with the interrupted member', async () => {
  const options: TrainOptions = {
    ...OPTIONS,
    network: { ...SMALL_NETWORK, members: 2 },
    decorrelate: [1, 0.5],
    epochs: 2,
    refit: true,
    soundVariants: 0,
  };
  const events = await trainTo('ensemble', { options });
  expect(events.filter(({ type }) => type === 'refit')).toHaveLength(2);
  const stop = new AbortController();
  const onEvent = (event: TrainEvent) => {
    if (event.type === 'epoch' && event.member === 2) stop.abort();
  };
  await trainTo('interrupted-ensemble', { options, signal: stop.signal, onEvent }).catch(() => {});
  const checkpoint = (await readCheckpoint(join(root, 'interrupted-ensemble')))!;
  expect(checkpoint.finished).toHaveLength(1);
  const rest = await trainTo('interrupted-ensemble', { options, checkpoint });
  expect(rest.filter(({ type }) => type === 'epoch')).toHaveLength(1);
  const [uninterrupted, resumed] = await Promise.all(
    ['ensemble', 'interrupted-ensemble'].map((name) => readFile(join(root, name, 'weights.bin'))),
  );
  expect(resumed!.equals(uninterrupted!)).toBe(true);
}, 60_000);

test('an unfinished training is not overwritten, and can be finished without further epochs', async () => {
  await stopAfter('waiting', 1);
  await expect(trainTo('waiting')).rejects.toMatchObject({ code: 'unfinished', message: /--resume/ });
  const checkpoint = (await readCheckpoint(join(root, 'waiting')))!;
  const events = await trainTo('waiting', { checkpoint, options: { ...OPTIONS, epochs: 1 } });
  expect(events.map(({ type }) => type)).not.toContain('epoch');
  expect(await readdir(join(root, 'waiting'))).toContain('weights.bin');
}, 60_000);

test('a training cannot be resumed with other music', async () => {
  await stopAfter('other', 1);
  const checkpoint = (await readCheckpoint(join(root, 'other')))!;
  const less = { ...dataset, clips: dataset.clips.slice(5) };
  await expect(trainTo('other', { checkpoint, dataset: less })).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: /other music/,
  });
}, 60_000);

test('a training cannot be resumed on another engine; without a recorded engine there is a warning', async () => {
  await stopAfter('elsewhere', 1);
  const folder = join(root, 'elsewhere');
  const checkpoint = (await readCheckpoint(folder))!;
  expect(checkpoint.engine).toBe(engine.description);
  const kept = await readFile(join(folder, 'checkpoint.bin'));
  const other = { ...engine, description: 'TensorFlow 1 on the CPU' };
  await expect(trainTo('elsewhere', { checkpoint, engine: other })).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: `The training in ${folder} was started on ${engine.description}; TensorFlow 1 on the CPU gives other numbers. Choose the first engine with --engine, or start again with another --out.`,
  });
  expect((await readFile(join(folder, 'checkpoint.bin'))).equals(kept)).toBe(true);

  const { engine: _, ...old } = checkpoint;
  const options = { ...OPTIONS, epochs: 1 };
  const [resumed] = await trainTo('elsewhere', { checkpoint: old, options });
  expect(resumed).toMatchObject({
    type: 'resume',
    warning: expect.stringMatching(/^The engine that started the training in .* was not recorded/),
  });
}, 60_000);

test('finished folds are not trained again, and the scores are the same', async () => {
  const options: TrainOptions = { ...OPTIONS, schedule: 'step', epochs: 2, soundVariants: 0 };
  const folds = artistFolds(3);
  const request = { dataset, clips: dataset.clips, engine, fft: await loadFft() };
  const examples = await extractExamples({
    ...request,
    cacheFolder: join(root, 'cache'),
    network: SMALL_NETWORK,
  });
  const common = { engine, options, examples, folds };
  const through = await crossValidate(common);

  const out = join(root, 'folds');
  const clips = clipsHash(dataset);
  const plan = { protocol: 'folds' as const, folds: 3, options, engine: '', data: [], clips };
  const names = folds.map(({ name }) => name);
  const stop = new AbortController();
  const first = await crossValidate({
    ...common,
    store: await openProtocolRun(out, plan, names, undefined),
    signal: stop.signal,
    onFold: () => stop.abort(),
  });
  expect(first).toHaveLength(1);
  await expect(openProtocolRun(out, plan, names, undefined)).rejects.toMatchObject({ code: 'unfinished' });
  const resumed = await readPlan(out);
  await expect(openProtocolRun(out, { ...plan, clips: 'other' }, names, resumed)).rejects.toMatchObject({
    code: 'bad-checkpoint',
  });

  await expect(openProtocolRun(out, { ...plan, engine: 'other' }, names, resumed)).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: /--engine/,
  });

  const trained: number[] = [];
  const rest = await crossValidate({
    ...common,
    store: await openProtocolRun(out, plan, names, resumed),
    onEpoch: (fold) => trained.push(fold),
  });
  expect(trained).toEqual([1, 1, 2, 2]);
  expect(rest.map(({ scores }) => scores)).toEqual(through.map(({ scores }) => scores));
}, 60_000);

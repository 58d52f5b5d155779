import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Dataset, readDataset } from '../../../lab/datasets/dataset.ts';
import { openDistillation } from '../../../lab/distill/distillation.ts';
import { teacherTargets } from '../../../lab/distill/teachers.ts';
import { cutExample, readUnlabeled } from '../../../lab/distill/unlabeled.ts';
import { type Example, trainingSubset } from '../../../lab/train/example.ts';
import { extractExamples, extractTrainingExamples } from '../../../lab/train/examples.ts';
import { Fit } from '../../../lab/train/fit.ts';
import { TRAINING, type TrainOptions } from '../../../lab/train/options.ts';
import { predict } from '../../../lab/train/predict.ts';
import { SequenceMaker, wholeClip } from '../../../lab/train/sequence.ts';
import { type Engine, loadEngine } from '../../../src/model/engine.ts';
import { INPUTS } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { type FftPlans, loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';

const OPTIONS: TrainOptions = {
  ...TRAINING.mel,
  network: {
    frontEnd: 'mel',
    inputs: INPUTS.mel,
    projection: 8,
    hidden: 6,
    members: 1,
    landmarks: 0,
    leastShare: 1,
  },
  epochs: 2,
  streams: 4,
  sequenceSteps: 8,
  pieceSteps: [4, 8],
};

let engine: Engine;
let fft: FftPlans;
let dataset: Dataset;
let folder: string;
let cacheFolder: string;
let examples: Example[];

beforeAll(async () => {
  engine = await loadEngine('wasm');
  fft = await loadFft();
  folder = await makeData(18);
  dataset = await readDataset(folder);
  cacheFolder = await mkdtemp(join(tmpdir(), 'undertone-distillation-'));
  const { network } = OPTIONS;
  examples = await extractExamples({ dataset, clips: dataset.clips, engine, fft, cacheFolder, network });
}, 120_000);

const targetsOf = (labeled: readonly Example[], unlabeled: readonly Example[] = []) =>
  teacherTargets({ engine, teacher: OPTIONS, labeled, unlabeled });

test('no teacher is trained on the artist that it predicts', async () => {
  const [first, ...rest] = examples;
  const other = { ...first!, labels: first!.labels.map((label) => -label) };
  const [before, after] = [await targetsOf(examples), await targetsOf([other, ...rest])];
  expect(after.labeled[0]).toEqual(before.labeled[0]);
  expect(after.labeled).not.toEqual(before.labeled);
});

test('all teachers predict unlabeled music, cut into pieces', async () => {
  const music = await readUnlabeled([join(folder, 'audio')], 0);
  expect(music.clips).toHaveLength(18);
  const { network } = OPTIONS;
  const whole = await extractExamples({
    dataset: music,
    clips: music.clips,
    engine,
    fft,
    cacheFolder,
    network,
  });
  const pieces = whole.flatMap((example) => cutExample(example, 3));
  expect(pieces.map(({ steps }) => steps).slice(0, 3)).toEqual([3, 3, 2]);
  expect(pieces.every(({ labels }) => labels.every(Number.isNaN))).toBe(true);
  const { unlabeled } = await targetsOf(examples, pieces);
  expect(unlabeled.map(({ length }) => length)).toEqual(pieces.map(({ steps }) => 2 * steps));
  expect(unlabeled.flatMap((values) => [...values]).every((x) => x > -1 && x < 1 && x !== 0)).toBe(true);
});

test('a piece has the features of that stretch of the recording alone', () => {
  const [example] = examples;
  const maker = new SequenceMaker();
  const piece = cutExample(example!, 4)[1]!;
  const stretch = maker.make([{ ...wholeClip(example!), from: 4, to: 8 }]);
  expect(maker.make([wholeClip(piece)]).summaries).toEqual(stretch.summaries);
});

test('soft targets are added to their songs, from the cache the second time', async () => {
  const options: TrainOptions = { ...OPTIONS, teacher: 'mel', unlabelled: [join(folder, 'audio')] };
  const request = { dataset, clips: dataset.clips, engine, fft, cacheFolder, options, teachers: OPTIONS };
  const addSoftTargets = await openDistillation(request);
  const some = examples.slice(3, 12);
  const began = process.cpuUsage().user;
  const distilled = await addSoftTargets(some);
  const between = process.cpuUsage().user;
  const again = await addSoftTargets(some);
  expect(process.cpuUsage().user - between).toBeLessThan((between - began) / 2);
  expect(again.map(({ softTargets }) => softTargets)).toEqual(
    distilled.map(({ softTargets }) => softTargets),
  );
  expect(distilled.slice(0, 9).map(({ clip }) => clip)).toEqual(some.map(({ clip }) => clip));
  expect(distilled.length).toBe(9 + 18);
  expect(distilled.every(({ softTargets, steps }) => softTargets!.length === 2 * steps)).toBe(true);
}, 120_000);

test('every variant of a clip has soft targets, but not for the song before a transition', async () => {
  const options: TrainOptions = { ...OPTIONS, teacher: 'mel', passages: 1, soundVariants: 1 };
  const request = { dataset, clips: dataset.clips, engine, fft, cacheFolder, options, teachers: OPTIONS };
  const addSoftTargets = await openDistillation(request);
  // Fewer clips than in the request, as in a training with validation songs.
  const clips = dataset.clips.slice(0, -2);
  const all = await extractTrainingExamples({ ...request, clips, network: options.network }, options);
  const some = trainingSubset(all, ({ id }) => id !== dataset.clips[0]!.song.id);
  const distilled = await addSoftTargets(some);
  expect(some.some(({ variants }) => variants!.length < 2)).toBe(true); // some variants contain the song that was left out
  for (const [i, { clip, variants }] of distilled.entries()) {
    expect(clip).toBe(some[i]!.clip);
    expect(variants!.map(({ after }) => after)).toEqual(some[i]!.variants!.map(({ after }) => after));
    for (const { after, steps, labels, softTargets } of variants!) {
      expect(softTargets!.length).toBe(2 * steps);
      expect(Array.from(softTargets!, Number.isNaN)).toEqual(
        Array.from(labels, (x) => !!after && Number.isNaN(x)),
      );
    }
  }
}, 120_000);

test('without a teacher the examples are unchanged', async () => {
  const addSoftTargets = await openDistillation({
    dataset,
    clips: [],
    engine,
    fft,
    cacheFolder,
    options: OPTIONS,
  });
  expect(await addSoftTargets(examples)).toBe(examples);
});

test('a student learns from soft targets on unlabeled songs', async () => {
  const withTargets = examples.map((example, i) => ({
    ...example,
    ...(i > 0 ? { labels: example.labels.map(() => Number.NaN) } : {}),
    softTargets: new Float32Array(2 * example.steps).map((_, k) => (k % 2 === 0 ? 0.6 : -0.6)),
  }));
  const options: TrainOptions = { ...OPTIONS, learningRate: 0.02, epochs: 10, averaging: 0.5 };
  const predictionsAfter = async (teacher: TrainOptions['teacher']) => {
    const fit = new Fit(engine.tf, withTargets, { ...options, teacher });
    while (fit.epochs < options.epochs) await fit.epoch();
    const sequences = withTargets.slice(1).map((example) => new SequenceMaker().make([wholeClip(example)]));
    const predicted = predict(engine.tf, options.network, fit.weights, sequences).flatMap(({ emotion }) => [
      ...emotion,
    ]);
    fit.dispose();
    const mean = (axis: number) =>
      predicted.filter((_, k) => k % 2 === axis).reduce((sum, x, _, { length }) => sum + x / length, 0);
    return { valence: mean(0), arousal: mean(1) };
  };
  const [distilled, plain] = [await predictionsAfter('mel'), await predictionsAfter('none')];
  expect(distilled.valence).toBeGreaterThan(0.4);
  expect(distilled.arousal).toBeLessThan(-0.4);
  expect(Math.hypot(plain.valence - 0.6, plain.arousal + 0.6)).toBeGreaterThan(0.4);
}, 120_000);

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Dataset, readDataset } from '../../../lab/datasets/dataset.ts';
import { openDistillation } from '../../../lab/distill/distillation.ts';
import { teacherTargets } from '../../../lab/distill/teachers.ts';
import { cutExample, readUnlabelled } from '../../../lab/distill/unlabelled.ts';
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
  network: { frontEnd: 'mel', inputs: INPUTS.mel, projection: 8, hidden: 6, members: 1 },
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
  cacheFolder = await mkdtemp(join(tmpdir(), 'undertone-softTargets-'));
  const { network } = OPTIONS;
  examples = await extractExamples({ dataset, clips: dataset.clips, engine, fft, cacheFolder, network });
}, 120_000);

const teach = (labelled: readonly Example[], unlabelled: readonly Example[] = []) =>
  teacherTargets({ engine, teacher: OPTIONS, labelled, unlabelled });

test('no teacher has learned from the artist that it teaches', async () => {
  const [first, ...rest] = examples;
  const other = { ...first!, labels: first!.labels.map((label) => -label) };
  const [before, after] = [await teach(examples), await teach([other, ...rest])];
  expect(after.labelled[0]).toEqual(before.labelled[0]);
  expect(after.labelled).not.toEqual(before.labelled);
});

test('unlabelled music is taught by all teachers, each piece as if it were a clip', async () => {
  const music = await readUnlabelled([join(folder, 'audio')], 0);
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
  const { unlabelled } = await teach(examples, pieces);
  expect(unlabelled.map(({ length }) => length)).toEqual(pieces.map(({ steps }) => 2 * steps));
  expect(unlabelled.flatMap((values) => [...values]).every((x) => x > -1 && x < 1 && x !== 0)).toBe(true);
});

test('a cut piece sounds like that stretch of the recording, whatever came before it', () => {
  const [example] = examples;
  const maker = new SequenceMaker();
  const piece = cutExample(example!, 4)[1]!;
  const stretch = maker.make([{ ...wholeClip(example!), from: 4, to: 8 }]);
  expect(maker.make([wholeClip(piece)]).summaries).toEqual(stretch.summaries);
});

test('softTargets come with their songs, from the cache the second time', async () => {
  const options: TrainOptions = { ...OPTIONS, teacher: 'mel', unlabelled: [join(folder, 'audio')] };
  const request = { dataset, clips: dataset.clips, engine, fft, cacheFolder, options, teachers: OPTIONS };
  const school = await openDistillation(request);
  const some = examples.slice(3, 12);
  const began = process.cpuUsage().user;
  const taught = await school(some);
  const between = process.cpuUsage().user;
  const again = await school(some);
  expect(process.cpuUsage().user - between).toBeLessThan((between - began) / 2);
  expect(again.map(({ softTargets }) => softTargets)).toEqual(taught.map(({ softTargets }) => softTargets));
  expect(taught.slice(0, 9).map(({ clip }) => clip)).toEqual(some.map(({ clip }) => clip));
  expect(taught.length).toBe(9 + 18);
  expect(taught.every(({ softTargets, steps }) => softTargets!.length === 2 * steps)).toBe(true);
}, 120_000);

test('teachers speak of a clip in every sound, and not of the song that was heard before it', async () => {
  const options: TrainOptions = { ...OPTIONS, teacher: 'mel', passages: 1, soundVariants: 1 };
  const request = { dataset, clips: dataset.clips, engine, fft, cacheFolder, options, teachers: OPTIONS };
  const school = await openDistillation(request);
  // The pupil hears fewer clips than its school knows, as in a training that keeps songs to validate.
  const clips = dataset.clips.slice(0, -2);
  const all = await extractTrainingExamples({ ...request, clips, network: options.network }, options);
  const some = trainingSubset(all, ({ id }) => id !== dataset.clips[0]!.song.id);
  const taught = await school(some);
  expect(some.some(({ variants }) => variants!.length < 2)).toBe(true); // some come after the song left out
  for (const [i, { clip, variants }] of taught.entries()) {
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

test('without a teacher nothing is added', async () => {
  const school = await openDistillation({ dataset, clips: [], engine, fft, cacheFolder, options: OPTIONS });
  expect(await school(examples)).toBe(examples);
});

test('a pupil learns from softTargets where nobody gave labels', async () => {
  const taught = examples.map((example, i) => ({
    ...example,
    ...(i > 0 ? { labels: example.labels.map(() => Number.NaN) } : {}),
    softTargets: new Float32Array(2 * example.steps).map((_, k) => (k % 2 === 0 ? 0.6 : -0.6)),
  }));
  const options: TrainOptions = { ...OPTIONS, learningRate: 0.02, epochs: 10, averaging: 0.5 };
  const saidAfter = async (teacher: TrainOptions['teacher']) => {
    const fit = new Fit(engine.tf, taught, { ...options, teacher });
    while (fit.epochs < options.epochs) await fit.epoch();
    const sequences = taught.slice(1).map((example) => new SequenceMaker().make([wholeClip(example)]));
    const said = predict(engine.tf, options.network, fit.weights, sequences).flatMap(({ emotion }) => [
      ...emotion,
    ]);
    fit.dispose();
    const mean = (axis: number) =>
      said.filter((_, k) => k % 2 === axis).reduce((sum, x, _, { length }) => sum + x / length, 0);
    return { valence: mean(0), arousal: mean(1) };
  };
  const [taughtSo, untaught] = [await saidAfter('mel'), await saidAfter('none')];
  expect(taughtSo.valence).toBeGreaterThan(0.4);
  expect(taughtSo.arousal).toBeLessThan(-0.4);
  expect(Math.hypot(untaught.valence - 0.6, untaught.arousal + 0.6)).toBeGreaterThan(0.4);
}, 120_000);

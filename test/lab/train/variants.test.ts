import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Dataset, labelBetween, readDataset } from '../../../lab/datasets/dataset.ts';
import { drawSequences } from '../../../lab/train/augment/draw-sequences.ts';
import type { Example } from '../../../lab/train/example.ts';
import { extractTrainingExamples } from '../../../lab/train/examples.ts';
import { DEFAULT_TRAINING, type TrainOptions } from '../../../lab/train/options.ts';
import { Random } from '../../../lab/train/random.ts';
import { type Engine, loadEngine } from '../../../src/model/engine.ts';
import { INPUTS } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import type { NetworkConfig } from '../../../src/model/kinds/undertone/network.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { SMALL_NETWORK } from '../../model/made-up.ts';
import { makeData } from './made-up-data.ts';

const OPTIONS: TrainOptions = { ...DEFAULT_TRAINING, soundVariants: 2, speedPercent: 20, pitchCents: 100 };

let engine: Engine;
let dataset: Dataset;
let cacheFolder: string;

beforeAll(async () => {
  engine = await loadEngine('wasm');
  const made = await readDataset(await makeData(3));
  // Labels rise by 0.01 per second, so that a label identifies its time.
  const label = (_: unknown, ms: number) =>
    ms % 500 === 0 ? { valence: ms / 1e5, arousal: -ms / 1e5 } : undefined;
  dataset = { ...made, label };
  cacheFolder = await mkdtemp(join(tmpdir(), 'undertone-variants-'));
});

async function request(network: NetworkConfig) {
  return { dataset, clips: dataset.clips, engine, fft: await loadFft(), cacheFolder, network };
}

test('labels are interpolated linearly', () => {
  const [clip] = dataset.clips; // from 15 s on
  expect(labelBetween(dataset, clip!, 500)!.valence).toBeCloseTo(0.155, 6);
  expect(labelBetween(dataset, clip!, 725)!.valence).toBeCloseTo(0.15725, 6);
  const short: Dataset = {
    ...dataset,
    label: (song, ms) => (ms < 16_000 ? dataset.label(song, ms) : undefined),
  };
  expect(labelBetween(short, clip!, 500)).toBeDefined();
  expect(labelBetween(short, clip!, 725)).toBeUndefined();
});

test('at a higher speed a clip reaches its labels earlier', async () => {
  const examples = await extractTrainingExamples(await request(SMALL_NETWORK), OPTIONS);
  for (const { variants, clip } of examples) {
    expect(variants).toHaveLength(2);
    for (const { labels, steps } of variants!) {
      const speed = (1e5 * (labels[2]! - labels[0]!)) / 500;
      expect(Math.abs(speed - 1)).toBeLessThanOrEqual(0.201);
      expect(labels[0]).toBeCloseTo((clip.startMs + 500 * speed) / 1e5, 5);
      expect(Math.abs(steps - 8 / speed)).toBeLessThanOrEqual(1);
    }
  }
});

test('an epoch takes each piece from a random variant', async () => {
  const examples = await extractTrainingExamples(await request(SMALL_NETWORK), OPTIONS);
  const seen = new Set<Example>();
  const random = new Random(2);
  for (let epoch = 0; epoch < 30; epoch++) {
    for (const segments of drawSequences(examples, random, { ...OPTIONS, sequenceSteps: 8 })) {
      for (const { example } of segments) seen.add(example);
    }
  }
  expect(seen.size).toBe(9);
  expect(seen).toEqual(new Set(examples.flatMap((example) => [example, ...example.variants!])));
});

test('masterings are variants of a front end whose features are extracted once, and are found in the cache', async () => {
  const network: NetworkConfig = { ...SMALL_NETWORK, frontEnd: 'ced-small', inputs: INPUTS['ced-small'] };
  const options = { ...DEFAULT_TRAINING, network, masterings: 2 };
  const examples = await extractTrainingExamples(await request(network), options);
  for (const { rows, steps, clip, variants } of examples) {
    expect(variants).toHaveLength(2);
    for (const { rows: other, labels, steps: otherSteps, augmented } of variants!) {
      const { speed } = augmented!.mastering!;
      expect(Math.abs(otherSteps - steps / speed)).toBeLessThanOrEqual(1);
      expect(other!.length).toBe(otherSteps * network.inputs);
      expect(other!.subarray(0, network.inputs)).not.toEqual(rows!.subarray(0, network.inputs));
      expect(labels[0]).toBeCloseTo((clip.startMs + 500 * speed) / 1e5, 5);
    }
  }
  const again = await extractTrainingExamples(await request(network), options);
  expect(again).toEqual(examples);
});

test('with a front end that needs more than mel frames, variants of the spectrum are refused', async () => {
  const network: NetworkConfig = { ...SMALL_NETWORK, frontEnd: 'ced', inputs: INPUTS.ced };
  await expect(
    extractTrainingExamples(await request(network), { ...OPTIONS, network }),
  ).rejects.toMatchObject({
    code: 'bad-config',
    message: expect.stringContaining('soundVariants and passages'),
  });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readUnlabeled } from '../../../lab/distill/unlabeled.ts';
import { createMelCache } from '../../../lab/train/cache/mel-cache.ts';
import { learnDictionary, measureWhitening } from '../../../lab/train/patches/learn-dictionary.ts';
import { samplePatches } from '../../../lab/train/patches/sample-patches.ts';
import { Random } from '../../../lab/train/random.ts';
import { type Engine, loadEngine } from '../../../src/model/engine.ts';
import {
  PATCH_SIZE,
  PATCHES,
  readDictionary,
  writeDictionary,
} from '../../../src/model/kinds/undertone/front-ends/patches/dictionary.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { UserError } from '../../../src/user-error.ts';
import { makeData } from './made-up-data.ts';

let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = await loadEngine('wasm');
  folder = await mkdtemp(join(tmpdir(), 'undertone-patches-'));
});

test('whitened numbers have variance 1 and are uncorrelated', () => {
  const random = new Random(1);
  const [n, size] = [20_000, 3];
  const rows = new Float32Array(n * size);
  for (let i = 0; i < n; i++) {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    rows.set([5 + 3 * a, 2 * a + b, -a + 0.5 * b + 0.2 * c], i * size);
  }
  const { mean, factor } = measureWhitening(rows, size, 0);
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < n; i++) {
    const white = [0, 1, 2].map((r) =>
      [0, 1, 2].reduce((sum, c) => sum + factor[r * size + c]! * (rows[i * size + c]! - mean[c]!), 0),
    );
    for (let r = 0; r < size; r++) {
      for (let c = 0; c < size; c++) covariance[r * size + c]! += (white[r]! * white[c]!) / n;
    }
  }
  for (const [i, value] of covariance.entries()) expect(value).toBeCloseTo(i % 4 === 0 ? 1 : 0, 2);
});

/** Noise with one of four sounds in it, each in its own block of bands. */
function plantedPatches(count: number, random: Random): Float32Array {
  const patches = Float32Array.from({ length: count * PATCH_SIZE }, () => 0.3 * random.normal());
  for (let i = 0; i < count; i++) {
    const sound = i % 4;
    for (let j = 0; j < PATCH_SIZE; j++) {
      if (Math.floor((j % 96) / 24) === sound) patches[i * PATCH_SIZE + j]! += 3;
    }
  }
  return patches;
}

test('centroids separate unlabeled sounds, and the seed makes them reproducible', () => {
  const patches = plantedPatches(500, new Random(3));
  const dictionary = learnDictionary(engine.tf, patches, new Random(1));
  expect(learnDictionary(engine.tf, patches, new Random(1))).toEqual(dictionary);
  expect(learnDictionary(engine.tf, patches, new Random(2))).not.toEqual(dictionary);
  // The strongest centroid of a new patch is not the strongest for other sounds.
  const fresh = plantedPatches(80, new Random(9));
  const soundsOf = new Map<number, Set<number>>();
  for (let i = 0; i < 80; i++) {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < PATCHES; k++) {
      let sum = dictionary.bias[k]!;
      for (let j = 0; j < PATCH_SIZE; j++)
        sum += fresh[i * PATCH_SIZE + j]! * dictionary.kernel[j * PATCHES + k]!;
      if (sum > most) [best, most] = [k, sum];
    }
    expect(most).toBeGreaterThan(0);
    soundsOf.set(best, (soundsOf.get(best) ?? new Set()).add(i % 4));
  }
  const mixed = [...soundsOf.values()].filter((sounds) => sounds.size > 1).length;
  expect(mixed).toBeLessThanOrEqual(soundsOf.size / 10);
}, 120_000);

test('patches are sampled from recordings, each place at most once', async () => {
  const music = await readUnlabeled([join(await makeData(3), 'audio')], 0);
  const mels = createMelCache(await loadFft(), folder);
  const some = await samplePatches(music.clips, mels, 40, new Random(1));
  expect(some.length).toBe(40 * PATCH_SIZE);
  expect(await samplePatches(music.clips, mels, 40, new Random(1))).toEqual(some);
  const all = await samplePatches(music.clips, mels, 1e6, new Random(1));
  let places = 0;
  for (const { path } of music.clips) places += (await mels.get(path)).frames.length / 96 - 3;
  expect(all.length).toBe(places * PATCH_SIZE);
}, 60_000);

test('a dictionary is read as it was written; a folder without one is an error', async () => {
  const random = new Random(4);
  const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());
  const dictionary = { kernel: numbers(PATCH_SIZE * PATCHES), bias: numbers(PATCHES) };
  const out = join(folder, 'patches');
  await writeDictionary(out, dictionary, { seed: 4 });
  expect((await readdir(out)).sort()).toEqual(['patches.json', 'weights.bin']);
  expect(await readDictionary(out)).toEqual(dictionary);
  await rm(join(out, 'patches.json'));
  await expect(readDictionary(out)).rejects.toThrow(UserError);
  await expect(readDictionary(out)).rejects.toThrow(/undertone patches/);
});

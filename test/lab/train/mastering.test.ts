import { expect, test } from 'vitest';
import { drawMasterings, type Mastering, remastered } from '../../../lab/train/augment/mastering.ts';
import type { AudioChunk, SourceItem } from '../../../src/types.ts';

const RATE = 48_000;
const UNCHANGED: Mastering = { speed: 1, gainDb: 0, bassDb: 0, trebleDb: 0 };

function sine(hz: number): Float32Array {
  return Float32Array.from({ length: RATE }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE));
}

async function* chunks(samples: Float32Array, channels: number, size: number): AsyncGenerator<SourceItem> {
  for (let at = 0; at < samples.length; at += size) {
    const chunk = samples.slice(at, at + size);
    yield { type: 'audio', samples: chunk, sampleRateHz: RATE, channels, arrivedAtMs: 0 };
  }
}

async function masterOf(
  samples: Float32Array,
  mastering: Mastering,
  channels = 1,
  size = samples.length,
): Promise<AudioChunk[]> {
  const all: AudioChunk[] = [];
  for await (const item of remastered(chunks(samples, channels, size), mastering)) {
    if (item.type === 'audio') all.push(item);
  }
  return all;
}

/** Level after over level before, in dB, once the filters have settled. */
async function gainAt(hz: number, mastering: Mastering): Promise<number> {
  const energy = (samples: Float32Array) =>
    samples.subarray(RATE / 2).reduce((sum, sample) => sum + sample ** 2, 0);
  const before = sine(hz);
  const [after] = await masterOf(before, mastering);
  return 10 * Math.log10(energy(after!.samples) / energy(before));
}

test('shelves change bass and treble by their gains, and nothing in between', async () => {
  const mastering = { ...UNCHANGED, bassDb: 5, trebleDb: -4 };
  expect(await gainAt(30, mastering)).toBeCloseTo(5, 1);
  expect(await gainAt(200, mastering)).toBeCloseTo(2.5, 1);
  expect(Math.abs(await gainAt(770, mastering))).toBeLessThan(0.3);
  expect(await gainAt(3000, mastering)).toBeCloseTo(-2, 1);
  expect(await gainAt(16_000, mastering)).toBeCloseTo(-4, 1);
  expect(await gainAt(770, { ...UNCHANGED, gainDb: -6 })).toBeCloseTo(-6, 5);
});

test('a higher speed is a higher sample rate of as many samples', async () => {
  const samples = sine(440);
  const [chunk] = await masterOf(samples, { ...UNCHANGED, speed: 1.055 });
  expect(chunk).toMatchObject({ sampleRateHz: 50_640, channels: 1 });
  expect(chunk!.samples).toHaveLength(samples.length);
});

test('chunks of any size give the same samples, and channels stay apart', async () => {
  const [left, right] = [sine(100), sine(5000)];
  const both = Float32Array.from({ length: 2 * RATE }, (_, i) => (i % 2 === 0 ? left : right)[i >> 1]!);
  const mastering = { speed: 1, gainDb: -2, bassDb: -5, trebleDb: 3 };
  const small = await masterOf(both, mastering, 2, 1470);
  const joined = small.flatMap(({ samples }) => [...samples]);
  const [one] = await masterOf(left, mastering);
  const [other] = await masterOf(right, mastering);
  expect(joined.filter((_, i) => i % 2 === 0)).toEqual([...one!.samples]);
  expect(joined.filter((_, i) => i % 2 === 1)).toEqual([...other!.samples]);
});

test('masterings of a clip are the same in every training, differ from clip to clip, and keep their ranges', () => {
  expect(drawMasterings('a.opus', 2)).toEqual(drawMasterings('a.opus', 3).slice(0, 2));
  expect(drawMasterings('a.opus', 1)).not.toEqual(drawMasterings('b.opus', 1));
  for (const { speed, gainDb, bassDb, trebleDb } of drawMasterings('a.opus', 200)) {
    expect(speed).toBeGreaterThan(0.9);
    expect(speed).toBeLessThan(1.11);
    expect(gainDb).toBeGreaterThanOrEqual(-18);
    expect(gainDb).toBeLessThanOrEqual(4);
    expect(Math.max(Math.abs(bassDb), Math.abs(trebleDb))).toBeLessThanOrEqual(5);
  }
});

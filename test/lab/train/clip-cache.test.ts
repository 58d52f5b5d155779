import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { addWhiteNoise, speedPitchClips } from '../../../lab/train/augment/step-clips.ts';
import { createClipCache } from '../../../lab/train/cache/clip-cache.ts';
import { liveWindows } from '../../../lab/train/features/recording.ts';
import { CLIP_PARTS, CLIP_SIZE, restoreClip, storeClip } from '../../../lab/train/features/stored.ts';
import { FeatureExtractor } from '../../../src/stream/feature-extractor.ts';
import { type FftPlans, loadFft } from '../../../src/stream/fft.ts';
import { concat, lenaFile, sine } from '../../support/audio.ts';
import { encodeWav } from '../../support/wav.ts';

const RATE_HZ = 44_100;
const SONG = lenaFile('wav'); // 12.3 s

let fft: FftPlans;
let folder: string;

beforeAll(async () => {
  fft = await loadFft();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-clips-'));
});

async function liveClips(path: string): Promise<Float32Array> {
  const clips: Float32Array[] = [];
  for await (const { clip } of liveWindows(path, fft, 'clip')) clips.push(clip!.slice());
  return concat(clips);
}

function restored(clips: Uint16Array): Float32Array {
  const values = new Float32Array(clips.length);
  restoreClip(clips, values);
  return values;
}

/** Like `toEqual`, but a thousand times faster. */
function same(a: Uint16Array, b: Uint16Array): boolean {
  return Buffer.compare(new Uint8Array(a.buffer), new Uint8Array(b.buffer)) === 0;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  const n = Math.min(a.length, b.length);
  return a.subarray(0, n).reduce((sum, x, i) => sum + Math.abs(x - b[i]!), 0) / n;
}

test('cached clips equal those of the live path to 1/8192', async () => {
  const { clips, steps } = await createClipCache(fft, folder).get(SONG);
  expect([steps, clips.length]).toEqual([24, 24 * CLIP_SIZE]);
  expect(largestDifference(restored(clips), await liveClips(SONG))).toBeLessThanOrEqual(
    0.5 / CLIP_PARTS + 1e-6,
  );
});

test('full scale is within the range of stored clips', () => {
  const loudest = Float32Array.from({ length: RATE_HZ / 2 }, (_, i) => (Math.sin(i / 9) > 0 ? 1 : -1));
  const extractor = new FeatureExtractor(fft, { sampleRateHz: RATE_HZ, channels: 1 }, undefined, 'clip');
  for (const { clip } of extractor.push(loudest, 0)) {
    const stored = new Uint16Array(CLIP_SIZE);
    storeClip(clip!, stored, 0);
    expect(Math.max(...clip!)).toBeGreaterThan(8);
    expect(largestDifference(restored(stored), clip!)).toBeLessThanOrEqual(0.5 / CLIP_PARTS + 1e-6);
  }
});

test('each augmentation of a recording is extracted once and then read from the cache', async () => {
  const cache = createClipCache(fft, folder);
  const augmentations = [
    undefined,
    { speed: 1.1, pitch: 1 },
    { speed: 1, pitch: 1.06 },
    { speed: 1, pitch: 1, noiseSnrDb: 20 },
    { speed: 1, pitch: 1, noiseSnrDb: 10 },
  ];
  const extracted = [];
  for (const augmentation of augmentations) extracted.push(await cache.get(SONG, augmentation));
  expect(await readdir(folder)).toHaveLength(5);
  expect(extracted.map(({ steps }) => steps)).toEqual([24, 22, 24, 24, 24]);
  const other = createClipCache(fft, folder);
  for (const [i, augmentation] of augmentations.entries()) {
    expect(same((await other.get(SONG, augmentation)).clips, extracted[i]!.clips)).toBe(true);
  }
  expect(await readdir(folder)).toHaveLength(5);
});

test('a truncated cache file is extracted again', async () => {
  const cache = createClipCache(fft, folder);
  const { clips } = await cache.get(SONG);
  const [name] = await readdir(folder);
  await writeFile(join(folder, name!), new Uint8Array(5_000));
  expect(same((await cache.get(SONG)).clips, clips)).toBe(true);
});

test('a recording shorter than a step is rejected by its name', async () => {
  const path = join(folder, 'short.wav');
  const layout = { sampleRateHz: RATE_HZ, channels: 1, encoding: 's16' } as const;
  await writeFile(path, encodeWav(sine(440, 0.4, RATE_HZ), layout));
  const cache = createClipCache(fft, folder);
  await expect(cache.get(path)).rejects.toMatchObject({ code: 'bad-data', message: /short\.wav/ });
  await expect(cache.get(path, { speed: 1.1, pitch: 1 })).rejects.toMatchObject({ code: 'bad-data' });
});

test.each([RATE_HZ, 48_000, 22_050])(
  'at speed 1 and pitch 1, the clips at %i Hz are those of the live path',
  (rate) => {
    const samples = piece(3.2, 1, 1, rate);
    const extractor = new FeatureExtractor(fft, { sampleRateHz: rate, channels: 1 }, undefined, 'clip');
    const live = concat(Array.from(extractor.push(samples, 0), ({ clip }) => clip!.slice()));
    // Windows start at the nearest 1/125 of a sample; measured: 1.3e-5.
    expect(largestDifference(speedPitchClips(fft, samples, rate, { speed: 1, pitch: 1 }), live)).toBeLessThan(
      1e-4,
    );
  },
);

/** Three decaying notes. */
function piece(seconds: number, speed = 1, pitch = 1, rate = RATE_HZ): Float32Array {
  return Float32Array.from({ length: Math.round((seconds / speed) * rate) }, (_, i) => {
    const t = (i / rate) * speed;
    const decay = Math.exp(-4 * (t % 0.7));
    const tone = (hz: number) => Math.sin(2 * Math.PI * hz * pitch * (i / rate));
    return 0.2 * decay * (tone(220) + 0.6 * tone(660) + 0.3 * tone(2200));
  });
}

test('a piece augmented in speed and pitch has the clips of one composed that way', () => {
  const as = (speed: number, pitch: number) => speedPitchClips(fft, piece(3), RATE_HZ, { speed, pitch });
  const composed = (speed: number, pitch: number) =>
    speedPitchClips(fft, piece(3, speed, pitch), RATE_HZ, { speed: 1, pitch: 1 });
  for (const [speed, pitch] of [
    [1.1, 1],
    [1, 0.95],
    [0.9, 1.06],
  ] as const) {
    const wanted = composed(speed, pitch);
    expect(meanDifference(as(speed, pitch), wanted)).toBeLessThan(0.1 * meanDifference(as(1, 1), wanted)); // measured: at most 0.045
  }
});

test('noise has the given signal-to-noise ratio and is reproducible; silence stays silent', () => {
  const sound = sine(440, 2, RATE_HZ);
  const noisy = sound.slice();
  addWhiteNoise(noisy, 20, 7);
  const power = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  const noise = noisy.map((x, i) => x - sound[i]!);
  expect(10 * Math.log10(power(sound) / power(noise))).toBeCloseTo(20, 1);
  const again = sound.slice();
  addWhiteNoise(again, 20, 7);
  expect(largestDifference(again, noisy)).toBe(0);
  const silence = new Float32Array(1000);
  addWhiteNoise(silence, 20, 7);
  expect(Math.max(...silence)).toBe(0);
});

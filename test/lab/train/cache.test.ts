import { appendFile, copyFile, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createMelCache } from '../../../lab/train/cache/mel-cache.ts';
import { cachedRows } from '../../../lab/train/cache/row-cache.ts';
import { liveWindows, storedWindows } from '../../../lab/train/features/recording.ts';
import type { FrontEnd } from '../../../src/model/kinds/undertone/front-ends/front-end.ts';
import { createMelFrontEnd } from '../../../src/model/kinds/undertone/front-ends/mel.ts';
import { type FftPlans, loadFft } from '../../../src/stream/fft.ts';
import type { StepWindow } from '../../../src/types.ts';
import { makeData } from './made-up-data.ts';

let fft: FftPlans;
let audio: string;
let cache: string;

beforeAll(async () => {
  fft = await loadFft();
  audio = join(await makeData(2), 'audio');
});

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'undertone-cache-'));
});

test('files with the same bytes share a cache entry, whatever their names; other bytes do not', async () => {
  const mels = createMelCache(fft, cache);
  const mel = await mels.get(join(audio, '1.wav'));
  await mkdir(join(audio, 'copies'));
  const copy = join(audio, 'copies', 'copy.wav');
  await copyFile(join(audio, '1.wav'), copy);
  expect(await mels.get(copy)).toEqual(mel);
  expect(await readdir(cache)).toHaveLength(1);
  await appendFile(copy, new Uint8Array(16_000));
  await mels.get(copy);
  await mels.get(join(audio, '2.wav'));
  expect(await readdir(cache)).toHaveLength(3);
});

test('each speed and pitch has its own entry, and a faster clip has fewer steps', async () => {
  const mels = createMelCache(fft, cache);
  const path = join(audio, '1.wav'); // 4 s; at a higher pitch, a window is longer and the last one extends over the end
  const steps = async (speed: number, pitch = 1) => (await mels.get(path, { speed, pitch })).ends.length;
  expect([await steps(1), await steps(1, 1.1), await steps(1.2), await steps(0.8)]).toEqual([8, 7, 6, 10]);
  expect(await readdir(cache)).toHaveLength(4);
});

/** A front end that counts its windows. @param scale factor on its rows */
function counting(scale = 1): FrontEnd & { windows: number } {
  const inner = createMelFrontEnd();
  return {
    ...inner,
    windows: 0,
    extract(inputs) {
      this.windows += inputs.length;
      const { rows, states } = inner.extract(inputs)!;
      return { rows: rows.map((x) => x * scale), states };
    },
  };
}

test('rows are cached for a front end with the same output, and for no other', async () => {
  const path = join(audio, '1.wav');
  const sources = [{ key: await createMelCache(fft, cache).keyOf(path), open: () => liveWindows(path, fft) }];
  const rowsOf = async (frontEnd: FrontEnd & { windows: number }) => {
    const [rows] = await cachedRows(sources, { frontEnd, plans: fft, cacheFolder: cache });
    return { rows, windows: frontEnd.windows };
  };
  const PROBE = 6; // steps of the noise for the fingerprint
  const first = await rowsOf(counting());
  const again = await rowsOf(counting());
  const other = await rowsOf(counting(2));
  expect([first.windows, again.windows, other.windows]).toEqual([8 + PROBE, PROBE, 8 + PROBE]);
  expect(again.rows).toEqual(first.rows);
  expect(other.rows![100]).toBeCloseTo(2 * first.rows![100]!, 5);
});

test('windows of stored frames are those of the live path', async () => {
  const path = join(audio, '1.wav');
  const live: StepWindow[] = [];
  for await (const window of liveWindows(path, fft)) live.push({ ...window, mel: window.mel.slice() });
  let step = 0;
  for await (const window of storedWindows(await createMelCache(fft, cache).get(path))) {
    const { mel, newFrames } = live[step]!;
    expect([window.step, window.newFrames]).toEqual([step, newFrames]);
    for (const [i, y] of window.mel.entries())
      if (Math.abs(y - mel[i]!) > 1e-4) expect(y).toBeCloseTo(mel[i]!, 4);
    step++;
  }
  expect(step).toBe(live.length);
});

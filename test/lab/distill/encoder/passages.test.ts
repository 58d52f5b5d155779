import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  framesAt,
  PASSAGE_FRAMES,
  PASSAGE_STEPS,
  PASSAGE_TIMES,
  type Passage,
  passagesOf,
  patchesAt,
  poolingMatrix,
  windowedFeatures,
} from '../../../../lab/distill/encoder/passages.ts';
import { Random } from '../../../../lab/train/random.ts';
import { poolTimes } from '../../../../src/model/kinds/undertone/front-ends/ced/pool.ts';
import {
  CED_FEATURES,
  NEWEST_PATCHES,
  PATCH_FRAMES,
  WIDTH,
  WINDOW_PATCHES,
} from '../../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import { readCedWeights } from '../../../../src/model/kinds/undertone/front-ends/ced/weights.ts';
import type { WindowedCed } from '../../../../src/model/kinds/undertone/front-ends/ced/windowed.ts';
import { writeCedWeights } from '../../../../src/model/kinds/undertone/front-ends/ced/write-weights.ts';
import { PATCH_SIZE } from '../../../../src/model/kinds/undertone/front-ends/ced-small/sizes.ts';
import { quantize } from '../../../../src/model/quantize.ts';
import { loadFft } from '../../../../src/stream/fft.ts';
import { FINE_BANDS, FINE_FRAMES } from '../../../../src/stream/fine-mel.ts';
import { lenaFile } from '../../../support/audio.ts';
import { expectClose } from '../../../support/expect-close.ts';

test('a recording is cut into whole passages', async () => {
  const passages: Passage[] = [];
  for await (const passage of passagesOf(lenaFile('wav'), await loadFft())) passages.push(passage);
  // 12.3 s of speech: one passage of 10 s.
  expect(passages).toHaveLength(1);
  expect(passages[0]!.fine).toHaveLength(PASSAGE_FRAMES * FINE_BANDS);
  expect(passages[0]!.patches).toHaveLength(patchesAt(PASSAGE_STEPS - 1) * PATCH_SIZE);
});

test('the windows of the windowed form end where steps end', () => {
  const passage = Float32Array.from({ length: PASSAGE_FRAMES * FINE_BANDS }, (_, i) =>
    Math.floor(i / FINE_BANDS),
  );
  const newest: number[] = [];
  const windowed: WindowedCed = {
    extract(windows) {
      for (const { mel, frames } of windows) {
        expect(mel).toHaveLength(FINE_FRAMES * FINE_BANDS);
        expect(mel.at(-1)).toBe(frames - 1);
        newest.push(frames);
      }
      return new Float32Array(windows.length * CED_FEATURES);
    },
  };
  const [features] = windowedFeatures(windowed, [passage, passage]);
  expect(features).toHaveLength(PASSAGE_STEPS * CED_FEATURES);
  expect(newest).toEqual([...steps(), ...steps()].map(framesAt));
});

test('the pooling matrix pools as live tracking does', () => {
  const random = new Random(1);
  const means = Float32Array.from({ length: PASSAGE_TIMES * WIDTH }, () => random.normal());
  const matrix = poolingMatrix(NEWEST_PATCHES);
  for (const step of [0, 3, 19]) {
    const wanted = new Float32Array(CED_FEATURES);
    const times = Math.floor(framesAt(step) / PATCH_FRAMES);
    poolTimes(means.subarray(Math.max(0, times - WINDOW_PATCHES) * WIDTH, times * WIDTH), WIDTH, wanted, 0);
    const pooled = Float32Array.from({ length: CED_FEATURES }, (_, i) => {
      const row = 2 * step + Math.floor(i / WIDTH);
      let sum = 0;
      for (let time = 0; time < PASSAGE_TIMES; time++) {
        sum += matrix[row * PASSAGE_TIMES + time]! * means[time * WIDTH + (i % WIDTH)]!;
      }
      return sum;
    });
    expectClose(pooled, wanted, 1e-5);
  }
});

test('written weights are read back, kernels within half a scale', async () => {
  const weights = await readCedWeights('models/ced');
  const folder = await mkdtemp(join(tmpdir(), 'undertone-ced-'));
  await writeCedWeights(folder, weights, 'a test');
  const again = await readCedWeights(folder);
  for (const [name, { values }] of Object.entries(weights)) {
    const allowed = name.endsWith('.kernel') ? quantize(values).scale * 0.501 : 0;
    const worst = values.reduce((most, x, i) => Math.max(most, Math.abs(x - again[name]!.values[i]!)), 0);
    expect(worst, name).toBeLessThanOrEqual(allowed);
  }
});

function steps(): number[] {
  return [...Array(PASSAGE_STEPS).keys()];
}

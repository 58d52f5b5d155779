import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { extractBaselineExamples } from '../../../lab/baselines/examples.ts';
import { type Clip, readDataset } from '../../../lab/datasets/dataset.ts';
import { BASELINE_CONFIGS } from '../../../src/model/kinds/baselines/systems.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { sine } from '../../support/audio.ts';
import { encodeWav } from '../../support/wav.ts';
import { makeData } from '../train/made-up-data.ts';

test('extracts clips with augmented variants, except variants that are too short', async () => {
  const folder = await makeData(3);
  const [long] = (await readDataset(folder)).clips as [Clip];
  const path = join(folder, 'audio', 'short.wav');
  await writeFile(
    path,
    encodeWav(sine(220, 0.5, 44_100), { sampleRateHz: 44_100, channels: 1, encoding: 's16' }),
  );
  const dataset = await readDataset(folder);
  // Augmentations depend on the file name; some of these are faster.
  const short = ['a', 'b', 'c', 'd'].map((file) => ({ ...long, path, file }));
  const examples = await extractBaselineExamples({
    dataset,
    clips: [long, ...short],
    fft: await loadFft(),
    cacheFolder: await mkdtemp(join(tmpdir(), 'undertone-cache-')),
    config: BASELINE_CONFIGS.lstm,
    soundVariants: 3,
  });
  const [whole, ...cut] = examples;
  expect(whole!.steps).toBe(8);
  expect(whole!.variants).toHaveLength(3);
  const rows = [whole!, ...whole!.variants!].map(({ writeRow, rowLength }) => {
    const row = new Float32Array(rowLength);
    writeRow(0, row, 0);
    return row;
  });
  expect(rows[1]).not.toEqual(rows[0]);
  expect(rows[2]).not.toEqual(rows[1]);
  for (const { steps } of cut) expect(steps).toBe(1);
  const augmented = cut.flatMap(({ variants = [] }) => variants);
  expect(augmented.length).toBeLessThan(12);
  expect(augmented.every(({ steps }) => steps === 1)).toBe(true);
});

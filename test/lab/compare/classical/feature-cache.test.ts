import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openFeatureCache } from '../../../../lab/compare/classical/feature-cache.ts';
import { optionalPackage } from '../../../../lab/compare/classical/optional-package.ts';
import { STEP_FEATURES } from '../../../../lab/compare/classical/step-features.ts';
import { type FftPlans, loadFft } from '../../../../src/stream/fft.ts';
import { makeData } from '../../train/made-up-data.ts';

let plans: FftPlans;

beforeAll(async () => {
  plans = await loadFft();
});

const folder = () => mkdtemp(join(tmpdir(), 'undertone-features-'));

test('extracts a recording once and caches the features', async () => {
  const data = await makeData(2);
  const place = await folder();
  const path = join(data, 'audio', '1.wav');
  const first = await openFeatureCache(plans, place).get(path);
  expect(first.length).toBe(8 * STEP_FEATURES.length);
  const [name] = await readdir(place);
  await writeFile(join(place, name!), new Uint8Array(Float32Array.of(1, 2, 3).buffer));
  const cache = openFeatureCache(plans, place);
  expect(await cache.get(path)).toEqual(Float32Array.of(1, 2, 3)); // read from the cache
  expect(await cache.get(join(data, 'audio', '2.wav'))).not.toEqual(first);
  expect(await readdir(place)).toHaveLength(2);
});

test('names the file that is not audio', async () => {
  const place = await folder();
  const path = join(place, 'broken.wav');
  await writeFile(path, 'not a recording');
  const cache = openFeatureCache(plans, place);
  await expect(cache.get(path)).rejects.toMatchObject({ name: 'UserError', message: /broken\.wav/ });
});

test('names the missing package and how to install it', () => {
  expect(() => optionalPackage('undertone-has-no-such-package')).toThrow(
    expect.objectContaining({
      name: 'UserError',
      code: 'missing-package',
      message: expect.stringMatching(/npm install undertone-has-no-such-package/),
    }),
  );
});

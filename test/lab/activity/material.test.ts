import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { CATALOG } from '../../../lab/activity/catalog.ts';
import { MATERIAL_HZ, readMaterial } from '../../../lab/activity/material.ts';
import { sine } from '../../support/audio.ts';
import { encodeWav } from '../../support/wav.ts';

it('has each voice and collection in one part only', () => {
  const places = CATALOG.map(({ folder, only }) => `${folder} ${only ?? ''}`);
  expect(new Set(places).size).toBe(CATALOG.length);
  for (const kind of ['speech', 'music']) {
    const parts = new Set(CATALOG.filter((entry) => entry.kind === kind).map(({ part }) => part));
    expect(parts).toEqual(new Set(['train', 'validation', 'held-out']));
  }
});

it('reads recordings at one rate without silence at the ends, and again from the cache', async () => {
  const data = await mkdtemp(join(tmpdir(), 'undertone-material-'));
  for (const { folder, part, name } of CATALOG.filter((entry) => entry.part === 'validation')) {
    const language = /words-(ro)/.exec(name)?.[1];
    const file = join(data, folder, language ? `a_desc_${language}.wav` : 'a-song.wav');
    await mkdir(dirname(file), { recursive: true });
    const samples = new Float32Array(16_000);
    samples.set(sine(440, 1, 8_000), 4_000);
    const wav = encodeWav(samples, { sampleRateHz: 8_000, channels: 1, encoding: 's16' });
    await writeFile(file.replace(/\.wav$/, name === 'fretsonfire-sectoid' ? '/song.ogg' : '.wav'), wav).catch(
      async () => {
        await mkdir(join(data, folder, 'a-song'), { recursive: true });
        await writeFile(join(data, folder, 'a-song', 'song.ogg'), wav);
      },
    );
    expect(part).toBe('validation');
  }
  const request = { data, clips: [], part: 'validation', cacheFolder: join(data, 'cache') } as const;
  const material = await readMaterial(request);
  expect(material.map(({ name }) => name)).toEqual(
    CATALOG.filter(({ part }) => part === 'validation').map(({ name }) => name),
  );
  for (const { recordings, seconds } of material) {
    expect(recordings).toHaveLength(1);
    expect(recordings[0]!.length / MATERIAL_HZ).toBeCloseTo(1, 1);
    expect(seconds).toBeCloseTo(1, 1);
  }
  expect(await readMaterial(request)).toEqual(material);
});

it('reports what is missing and how to get it', async () => {
  const data = await mkdtemp(join(tmpdir(), 'undertone-material-'));
  await expect(
    readMaterial({ data, clips: [], part: 'train', cacheFolder: join(data, 'cache') }),
  ).rejects.toMatchObject({
    code: 'bad-data',
    message: expect.stringMatching(/telephone-en.*activity-data/),
  });
});

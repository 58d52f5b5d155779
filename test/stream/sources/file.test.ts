import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecording, openSource } from '../../../src/stream/sources/index.ts';
import { lenaFile, sine } from '../../support/audio.ts';
import { collect, sameSamples } from '../../support/collect.ts';
import { encodeWav } from '../../support/wav.ts';

const never = new AbortController().signal;

describe('file:', () => {
  const samples = sine(440, 0.4, 8000).map((value) => Math.round(value * 32768) / 32768);
  let folder: string;
  let wav: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-file-'));
    wav = join(folder, 'Why? Because: 1 + 1 = 2.wav');
    await writeFile(wav, encodeWav(samples, { sampleRateHz: 8000, channels: 1, encoding: 's16' }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('plays a recording as fast as it is pulled where it is not paced', async () => {
    const heard = await collect(openSource(`file:${wav}`, { paced: false }).open(never));
    expect(heard).toMatchObject({ sampleRateHz: 8000, channels: 1 });
    expect(sameSamples(heard.samples, samples)).toBe(true);
  });

  it('paces it by its own time: no chunk comes before its last sample would be heard', async () => {
    const begin = performance.now();
    let heardMs = 0;
    for await (const item of openSource(`file:${wav}`).open(never)) {
      if (item.type !== 'audio') continue;
      heardMs += item.samples.length / 8;
      expect(item.samples.length).toBeLessThanOrEqual(800);
      expect(item.arrivedAtMs - begin).toBeGreaterThan(heardMs - 5);
    }
    expect(heardMs).toBeCloseTo(400);
  });

  it('begins again at the end, without a gap, where it loops', async () => {
    const source = openSource(`file:${wav}?loop=1`, { paced: false });
    const heard = await collect(source.open(never), 1);
    const twice = Float32Array.from({ length: 8000 }, (_, i) => samples[i % samples.length]!);
    expect(sameSamples(heard.samples.subarray(0, 8000), twice)).toBe(true);
  });

  it('reads an MP4 whose index comes last from where it lies', async () => {
    const heard = await collect(openRecording(lenaFile('m4a')).source.open(never));
    expect(heard.samples.length / heard.channels / heard.sampleRateHz).toBeCloseTo(12.27, 1);
  });

  it('ends within a paced wait when it is aborted', async () => {
    const abort = new AbortController();
    const items = openSource(`file:${wav}?loop=1`).open(abort.signal)[Symbol.asyncIterator]();
    await items.next();
    const waiting = items.next();
    abort.abort();
    expect((await waiting).done).toBe(true);
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none.ogg'), 'no-file'],
    ['a directory', () => folder, 'bad-file'],
    ['an empty file', () => join(folder, 'empty.wav'), 'bad-audio'],
    ['a text', () => join(folder, 'text.mp3'), 'bad-audio'],
  ])('refuses %s in one sentence', async (_, path, code) => {
    await writeFile(join(folder, 'empty.wav'), '');
    await writeFile(join(folder, 'text.mp3'), 'la la la '.repeat(999));
    const heard = collect(openSource(`file:${path()}`, { paced: false }).open(never));
    await expect(heard).rejects.toMatchObject({ name: 'UserError', code });
  });
});

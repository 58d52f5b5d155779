import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecording, openSource } from '../../../src/stream/sources/index.ts';
import { lenaFile, sine } from '../../support/audio.ts';
import { collect, sameSamples } from '../../support/collect.ts';
import { id3 } from '../../support/id3.ts';
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

  it('delivers a recording as fast as it is pulled if it is not paced', async () => {
    const audio = await collect(openSource(`file:${wav}`, { paced: false }).open(never));
    expect(audio).toMatchObject({ sampleRateHz: 8000, channels: 1 });
    expect(sameSamples(audio.samples, samples)).toBe(true);
  });

  it('paces it: no chunk comes before a player would have played its last sample', async () => {
    const begin = performance.now();
    let playedMs = 0;
    for await (const item of openSource(`file:${wav}`).open(never)) {
      if (item.type !== 'audio') continue;
      playedMs += item.samples.length / 8;
      expect(item.samples.length).toBeLessThanOrEqual(800);
      expect(item.arrivedAtMs - begin).toBeGreaterThan(playedMs - 5);
    }
    expect(playedMs).toBeCloseTo(400);
  });

  it('restarts at the end without a gap if it loops', async () => {
    const source = openSource(`file:${wav}?loop=1`, { paced: false });
    const audio = await collect(source.open(never), 1);
    const twice = Float32Array.from({ length: 8000 }, (_, i) => samples[i % samples.length]!);
    expect(sameSamples(audio.samples.subarray(0, 8000), twice)).toBe(true);
  });

  it.each([
    ['in UTF-8, with two artists', '\x03Песня', '\x03Anna\0Bert', { title: 'Песня', artist: 'Anna, Bert' }],
    [
      'in Windows-1251, as ID3 does not allow',
      '\0\xcf\xe5\xf1\xed\xff',
      '\0\xde\xe4\xe8\xed\xe0',
      { title: 'Песня', artist: 'Юдина' },
    ],
    ['without a title', '\x03', '\x03Anna', undefined],
  ])('names the track by its tags, each time it plays: %s', async (_, title, artist, expected) => {
    const tagged = join(folder, 'tagged.mp3');
    const mp3 = await readFile(lenaFile('mp3'));
    const frames = mp3.subarray(mp3.indexOf(Buffer.of(0xff, 0xfb))); // Without its own tag.
    await writeFile(tagged, Buffer.concat([id3({ TIT2: title, TPE1: artist }), frames]));
    const tracks: unknown[] = [];
    const isFirst: boolean[] = [];
    let samples = 0;
    const source = openSource(`file:${tagged}?loop=1`, { paced: false, titles: true });
    for await (const item of source.open(never)) {
      if (item.type !== 'audio') continue;
      if (item.track) tracks.push(item.track);
      isFirst.push(item.track !== undefined);
      samples += item.samples.length / item.channels / item.sampleRateHz;
      if (samples > 15) break;
    }
    expect(isFirst[0]).toBe(expected !== undefined);
    expect(tracks).toEqual(expected === undefined ? [] : [expected, expected]);
    const { chunks } = await collect(openSource(`file:${tagged}`, { paced: false }).open(never), 1);
    expect(chunks[0]).not.toHaveProperty('track'); // Nobody asked for it.
  });

  it('reads an MP4 whose index comes last', async () => {
    const audio = await collect(openRecording(lenaFile('m4a')).source.open(never));
    expect(audio.samples.length / audio.channels / audio.sampleRateHz).toBeCloseTo(12.27, 1);
  });

  it('ends on abort while it is paced', async () => {
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
  ])('rejects %s with a UserError', async (_, path, code) => {
    await writeFile(join(folder, 'empty.wav'), '');
    await writeFile(join(folder, 'text.mp3'), 'la la la '.repeat(999));
    const audio = collect(openSource(`file:${path()}`, { paced: false }).open(never));
    await expect(audio).rejects.toMatchObject({ name: 'UserError', code });
  });
});

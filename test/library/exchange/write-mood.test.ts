import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFile } from 'music-metadata';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTaggable, writeMood } from '../../../src/library/exchange/write-mood.ts';
import { sine } from '../../support/audio.ts';
import { encodeWav } from '../../support/wav.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg) console.warn('Skipped the tests of writing tags: ffmpeg is not installed.');

const MOOD = { mood: 'calm', valence: 0.3123, arousal: -0.2 };
let folder: string;
const at = (name: string) => join(folder, name);
const audioOf = (path: string) =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:a', '-f', 'f32le', '-']).toString('base64');

describe.skipIf(!hasFfmpeg)('writeMood', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-tags-'));
    await writeFile(
      at('sine.wav'),
      encodeWav(sine(440, 2, 44_100), { sampleRateHz: 44_100, channels: 1, encoding: 's16' }),
    );
    for (const [name, codec] of [
      ['a.mp3', 'libmp3lame'],
      ['a.flac', 'flac'],
      ['a.ogg', 'libvorbis'],
      ['a.opus', 'libopus'],
    ] as const)
      execFileSync('ffmpeg', [
        '-v',
        'error',
        '-i',
        at('sine.wav'),
        '-c:a',
        codec,
        '-metadata',
        'title=One',
        '-metadata',
        'artist=Anna',
        '-metadata',
        'comment=kept',
        at(name),
      ]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(['a.mp3', 'a.flac', 'a.ogg', 'a.opus'])(
    '%s: the tags change, the audio does not',
    async (name) => {
      const before = { audio: audioOf(at(name)), ...(await parseFile(at(name))) };
      for (let time = 0; time < 2; time++) await writeMood(at(name), MOOD);
      expect(audioOf(at(name))).toBe(before.audio);
      const { common, native } = await parseFile(at(name));
      expect(common).toMatchObject({ title: 'One', artist: 'Anna', mood: 'calm' });
      expect(common.comment).toEqual(before.common.comment);
      const all = Object.values(native)
        .flat()
        .map(({ id, value }) => `${id.replace('TXXX:', '')}=${value}`);
      expect(all.filter((tag) => /^(VALENCE|AROUSAL)=/.test(tag)).sort()).toEqual([
        'AROUSAL=-0.20',
        'VALENCE=0.31',
      ]);
      expect((await readdir(folder)).filter((file) => file.includes('partial'))).toEqual([]);
    },
  );

  test('keeps the permissions, and the time if it is asked to', async () => {
    await utimes(at('a.flac'), 1000, 1000);
    await writeMood(at('a.flac'), MOOD, true);
    expect((await stat(at('a.flac'))).mtimeMs).toBe(1_000_000);
    await writeMood(at('a.flac'), MOOD);
    expect((await stat(at('a.flac'))).mtimeMs).toBeGreaterThan(1_000_000);
  });

  test('a file that cannot be written to stays as it is', async () => {
    await writeFile(at('broken.mp3'), 'not audio');
    await expect(writeMood(at('broken.mp3'), MOOD)).rejects.toThrow(/broken\.mp3/);
    expect(await readFile(at('broken.mp3'), 'utf8')).toBe('not audio');
    await expect(writeMood(at('sine.wav'), MOOD)).rejects.toThrow('has a format whose tags are not written');
  });
});

test('knows by name which files can be tagged', () => {
  expect(['a.MP3', 'b.flac', 'c.m4a', 'd.wav'].map(isTaggable)).toEqual([true, true, false, false]);
});

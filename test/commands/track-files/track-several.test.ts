import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listRecordings } from '../../../src/commands/track-files/recordings.ts';
import type { EmotionFrame } from '../../../src/types.ts';
import { lenaFile } from '../../support/audio.ts';
import { expectSameFrames } from '../../support/frames.ts';

/** The built program. */
const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) console.warn('Skipped the tests of undertone track: run npm run build first.');

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-track-'));
  await mkdir(at('album', 'disc 2'), { recursive: true });
  await copyFile(lenaFile('wav'), at('album', 'Intro.wav'));
  await copyFile(lenaFile('flac'), at('album', 'disc 2', 'intro.flac'));
  await copyFile(lenaFile('mp3'), at('other.mp3'));
  await writeFile(at('list.m3u'), 'album/Intro.wav\nhttps://example.org/live.mp3\nother.mp3\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function track(...args: string[]) {
  const run = [CLI, 'track', ...args, '--model', 'undertone-lite', '--engine', 'wasm'];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, run)) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const framesOf = (text: string): EmotionFrame[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('lists files, folders with their subfolders and the entries of playlists, each with a name of its own', async () => {
  const url = 'file:///music/late%20night.ogg';
  const recordings = await listRecordings([at('album'), at('list.m3u'), url]);
  expect(recordings).toEqual([
    { input: at('album', 'Intro.wav'), stream: 'intro' },
    { input: at('album', 'disc 2', 'intro.flac'), stream: 'intro-2' },
    { input: at('album', 'Intro.wav'), stream: 'intro-3' },
    { input: 'https://example.org/live.mp3', stream: 'live' },
    { input: at('other.mp3'), stream: 'other' },
    { input: url, stream: 'late-night' },
  ]);
});

test.runIf(process.platform === 'linux')(
  'a playlist that cannot be read is tracked alone, which gives the reason',
  async () => {
    const input = at('unreadable.m3u');
    await symlink('/proc/self/mem', input); // Also the superuser cannot read its first byte.
    expect(await listRecordings([input])).toEqual([{ input, stream: 'unreadable' }]);
  },
);

test('refuses standard input beside others', async () => {
  await expect(listRecordings([at('other.mp3'), '-'])).rejects.toMatchObject({ code: 'usage' });
});

describe.skipIf(!existsSync(CLI))('undertone track with several recordings', () => {
  test('writes the frames that each gives alone, in the order of the inputs', async () => {
    const together = await track(at('other.mp3'), at('album'));
    expect(together).toMatchObject({ code: 0, stderr: '' });
    const frames = framesOf(together.stdout);
    const streams = [...new Set(frames.map(({ stream }) => stream))];
    expect(streams).toEqual(['other', 'intro', 'intro-2']);
    for (const [i, file] of ['other.mp3', 'album/Intro.wav', 'album/disc 2/intro.flac'].entries()) {
      const alone = framesOf((await track(at(file))).stdout);
      expectSameFrames(
        frames.filter(({ stream }) => stream === streams[i]),
        alone,
      );
    }
  });

  test('writes a file for each into a folder; one that fails does not stop the others', async () => {
    const out = at('out/');
    const { code, stderr } = await track(at('missing.mp3'), at('album'), '--format', 'csv', '--out', out);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no file');
    expect(stderr).toContain('1 of 3 recordings could not be tracked to their end');
    expect((await readdir(out)).sort()).toEqual(['intro-2.csv', 'intro.csv']);
    const lines = (await readFile(join(out, 'intro.csv'), 'utf8')).trim().split('\n');
    expect(lines.length).toBe(25);
    expect(lines[0]).toContain('valence');
  });

  test('refuses one stream name for several', async () => {
    const { code, stderr } = await track(at('other.mp3'), at('album'), '--stream', 'a');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--stream names the stream of one recording'),
    ]);
  });
});

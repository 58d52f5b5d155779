import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/stream/sources/index.ts';
import { collect } from '../support/collect.ts';
import { runHere } from '../support/run-here.ts';
import { encodeWav } from '../support/wav.ts';

/** The built program. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) console.warn('Skipped the tests of undertone library: run npm run build first.');

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

async function undertone(...args: string[]) {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      CLI,
      ...args,
      '--library',
      at('library.db'),
    ]);
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const add = (...args: string[]) =>
  undertone('library', 'add', ...args, '--model', 'undertone-lite', '--threads', '2');

describe.skipIf(!existsSync(CLI))('undertone library', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-library-'));
    await mkdir(at('music'));
    for (const seed of [1, 2, 3]) {
      const source = openSource(`demo:?seed=${seed}&rate=22050&channels=1`, { paced: false });
      const { samples } = await collect(source.open(new AbortController().signal), 50);
      await writeFile(
        at('music', `${seed}.wav`),
        encodeWav(samples, { sampleRateHz: 22_050, channels: 1, encoding: 's16' }),
      );
    }
    await writeFile(at('music', 'bad.mp3'), 'not audio');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('set names a plan that does not exist in words', async () => {
    expect((await undertone('set', '--plan', at('none.json'))).stderr).toMatch(
      /^undertone: The plan .*none\.json does not exist: check the path\.$/m,
    );
  });

  test('the library of a server is in its data folder', async () => {
    const here = async (...args: string[]) => (await runHere([...args, '--data-dir', at('data')])).stderr;
    const none = `There is no library at ${at('data', 'library.db')}`;
    expect(await here('library', 'list')).toContain(none);
    expect(await here('set', '--from', '0,0', '--to', '0.1,0.1')).toContain(none);
    expect(await here('next', '--after', 'a')).toContain(none);
    expect(await here('next', '--after', 'a', '--from', 'b')).toContain(
      '--data-dir chooses from the library',
    );
    expect(await here('library', 'list', '--library', 'x.db')).toContain('cannot be used with');
  });

  test('add analyzes a folder once, in threads; list, next and set use it', async () => {
    expect((await undertone('library', 'list')).stderr).toMatch(
      /^undertone: There is no library at .*: make one with/,
    );
    const first = await add(at('music'));
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('3 analyzed, 1 left out.') });
    const leftOut = `${at('music', 'bad.mp3')} is not audio that undertone knows`;
    expect(first.stderr).toContain(`undertone: Left out: ${leftOut}`);
    expect((await undertone('library', 'status')).stdout).toContain(`left out: ${leftOut}`);

    await rename(at('music', '3.wav'), at('music', 'moved.wav'));
    expect((await add()).stdout).toContain('1 moved, 3 unchanged.');

    const { tracks } = JSON.parse((await undertone('library', 'list', '--json')).stdout);
    expect(tracks.map(({ path }: { path: string }) => path)).toEqual(
      ['1', '2', 'moved'].map((name) => at('music', `${name}.wav`)),
    );
    expect(tracks[0]).toMatchObject({
      seconds: 50,
      bpmFrom: 'estimate',
      keyFrom: 'estimate',
      model: 'undertone-lite',
    });
    const status = JSON.parse((await undertone('library', 'status', '--json')).stdout);
    expect(status).toMatchObject({ tracks: 3, missing: [], failed: [{ path: at('music', 'bad.mp3') }] });

    const next = await undertone('next', '--after', at('music', '1.wav'), '--target', 'up', '--json');
    const { candidates } = JSON.parse(next.stdout);
    expect(candidates).toHaveLength(2);
    expect(candidates[0].reasons.length).toBeGreaterThan(1);
    const played = ['--played', at('music', '2.wav'), at('music', 'moved.wav')];
    expect((await undertone('next', '--after', at('music', '1.wav'), ...played)).stderr).toMatch(
      /^undertone: The library has no other track than what plays and what was played: add more/,
    );
    expect((await undertone('next', '--after', at('music', '1.wav'))).stdout).toMatch(
      /^score +bpm +key +length +track +why$/m,
    );

    const out = ['--out', at('set.m3u8'), '--picture', at('set.svg')];
    const set = await undertone('set', '--from', '-0.1,-0.1', '--to', '0.2,0.1', '--length', '2m', ...out);
    expect(set).toMatchObject({ code: 0, stdout: expect.stringMatching(/2 tracks, 1:40\n$/) });
    const one = await undertone('set', '--from', '-0.1,-0.1', '--to', '0.2,0.1', '--length', '1m');
    expect(one.stdout).toMatch(/^1 track, 0:50$/m);
    expect(await readFile(at('set.m3u8'), 'utf8')).toMatch(
      /^#EXTM3U\n#EXTINF:50,\w+\.wav\nmusic\/\w+\.wav\n/,
    );
    expect(await readFile(at('set.svg'), 'utf8')).toMatch(/^<svg /);

    const tags = await undertone('library', 'tag');
    expect(tags.stdout).toContain('Nothing is written');
    expect((await undertone('library', 'remove', at('music'))).stdout).toBe(
      'Removed 3 tracks from the library.\n',
    );
    expect((await undertone('next', '--after', at('music', '1.wav'))).stderr).toMatch(
      /^undertone: The library .*library\.db has no tracks: add some with/m,
    );
  }, 600_000);

  test.each([
    [
      'a folder that does not exist',
      ['library', 'add', 'none'],
      1,
      /There is nothing at none: name files, or folders/,
    ],
    ['an unknown model', ['library', 'add', '.', '--model', 'none'], 1, /There is no model "none"/],
    ['nothing to remove', ['library', 'remove'], 2, /name files or folders, or add --missing/],
    ['a set without an arc', ['set'], 2, /Expected --plan FILE, or --from and --to/],
    ['a target that is none', ['next', '--after', 'a', '--target', 'sideways'], 2, /Expected same, up, down/],
    [
      '--target with --from',
      ['next', '--after', 'a', '--from', 'b', '--target', 'up'],
      2,
      /--library chooses from the library|--target chooses from the library/,
    ],
  ])('%s is one sentence', async (_, args, code, message) => {
    const { code: got, stderr } = await undertone(...args);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(got).toBe(code);
  });
});

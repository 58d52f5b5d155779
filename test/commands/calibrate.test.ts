import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaled } from '../../src/profiles/apply-scale.ts';
import type { Profile } from '../../src/profiles/profile.ts';
import { openSource } from '../../src/stream/sources/index.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { collect } from '../support/collect.ts';
import { encodeWav } from '../support/wav.ts';

/** The built program. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) console.warn('Skipped the tests of undertone calibrate: run npm run build first.');

const PIECES = 6;
const MODEL = ['--model', 'undertone-lite', '--engine', 'wasm'];
const SLOW = { timeout: 300_000 };

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

async function undertone(...args: string[]) {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [CLI, ...args])) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const calibrate = (...args: string[]) => undertone('calibrate', '--data-dir', at('data'), ...args);
const calibrateWith = (...args: string[]) => calibrate('--audio', at('music'), ...MODEL, ...args);
const profile = async (name: string): Promise<Profile> =>
  JSON.parse(await readFile(at('data', 'profiles', `${name}.json`), 'utf8'));

async function track(...args: string[]) {
  const { code, stdout, stderr } = await undertone('track', at('music', '0.wav'), ...MODEL, ...args);
  const lines = stdout.trimEnd().split('\n');
  return { code, stderr, frames: lines.filter(Boolean).map((line): EmotionFrame => JSON.parse(line)) };
}

describe.skipIf(!existsSync(CLI))('undertone calibrate', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-calibrate-'));
    await mkdir(at('music'));
    for (let seed = 0; seed < PIECES; seed++) {
      const source = openSource(`demo:?seed=${seed}`, { paced: false });
      const { samples, channels, sampleRateHz } = await collect(source.open(new AbortController().signal), 8);
      const mono = samples.filter((_, i) => i % channels === 0);
      await writeFile(
        at('music', `${seed}.wav`),
        encodeWav(mono, { sampleRateHz, channels: 1, encoding: 's16' }),
      );
    }
    const rows = Array.from({ length: PIECES }, (_, i) => `${i}.wav,9,${1 + i}`);
    await writeFile(at('anna.csv'), ['file,valence,arousal', ...rows, 'gone.wav,5,5'].join('\n'));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('fits a profile to a CSV, with what it gains, and track uses it', SLOW, async () => {
    const { code, stdout, stderr } = await calibrateWith(
      '--ratings',
      at('anna.csv'),
      '--scale',
      '1-9',
      '--name',
      'anna',
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'undertone: Skipped: gone.wav was not found: give the folder of the recordings with --audio.\n',
    });
    expect(stdout).toContain('Profile "anna" for the model undertone-lite, 6 ratings.');
    expect(stdout).toMatch(/Valence: the error on other pieces falls from \d\.\d+ to \d\.\d+/);
    const { ratings, fit: fitted } = await profile('anna');
    expect(ratings.map(({ valence }) => valence)).toEqual(Array(PIECES).fill(1));
    expect(ratings.map(({ arousal }) => arousal)).toEqual([-1, -0.75, -0.5, -0.25, 0, 0.25]);

    const plain = await track();
    const own = await track('--profile', 'anna', '--data-dir', at('data'));
    const scored = plain.frames.filter(({ t, activity }) => t > 5 && activity === 'music');
    const mean = scored.reduce((sum, { valence }) => sum + valence!, 0) / scored.length;
    expect(ratings[0]!.reading.valence).toBeCloseTo(mean, 3);
    expect(own.frames.length).toBe(plain.frames.length);
    for (const [i, frame] of own.frames.entries()) {
      const before = plain.frames[i]!;
      if (before.valence === null) continue;
      expect(frame.valence).toBeCloseTo(scaled(fitted!.valence!, before.valence), 3);
      expect(frame.arousalSd).toBeCloseTo(fitted!.arousal!.slope * before.arousalSd!, 3);
      expect(frame.confidence).toBe(before.confidence);
    }
  });

  test('reads a Rekordbox collection, and does not replace a profile unless told', SLOW, async () => {
    const tracks = Array.from(
      { length: PIECES },
      (_, i) => `<TRACK Location="file://localhost/C:/Music/${i}.wav" Rating="${51 * (1 + (i % 5))}"/>`,
    );
    const xml = `<DJ_PLAYLISTS><COLLECTION>${tracks.join('')}</COLLECTION></DJ_PLAYLISTS>`;
    await writeFile(at('collection.xml'), xml);
    const args = ['--ratings', at('collection.xml'), '--name', 'booth'];
    expect((await calibrateWith(...args)).code).toBe(0);
    expect(await profile('booth')).toMatchObject({ ratings: { length: PIECES }, fit: { valence: null } });
    expect(await calibrateWith(...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('add --force'),
    });
    expect((await calibrateWith(...args, '--force', '--axis', 'valence')).code).toBe(0);
    expect(await profile('booth')).toMatchObject({ fit: { arousal: null } });
  });

  test('lists, shows and removes profiles', SLOW, async () => {
    expect((await calibrate('--list')).stdout).toMatch(/^NAME +MODEL.*\nanna +undertone-lite +6 /);
    expect((await calibrate('--show', 'anna')).stdout).toMatch(
      /^Profile "anna".*\n\npiece +valence +reading/,
    );
    expect((await calibrate('--remove', 'anna')).stdout).toBe('Removed the profile "anna".\n');
    const gone = await calibrate('--show', 'anna');
    expect(gone).toMatchObject({
      code: 1,
      stderr: 'undertone: There is no profile "anna": expected one of booth.\n',
    });
    expect(await track('--profile', 'anna', '--data-dir', at('data'))).toMatchObject({
      code: 1,
      stderr: gone.stderr,
    });
  });

  test('wrong usage is one sentence', SLOW, async () => {
    expect(await calibrate('--ratings', at('anna.csv'))).toMatchObject({ code: 2 });
    expect(await calibrate('--name', 'No Name')).toMatchObject({ code: 2 });
    const wrong = await calibrateWith('--ratings', at('anna.csv'), '--name', 'wrong');
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/rates 0\.wav with the valence 9/),
    });
  });
});

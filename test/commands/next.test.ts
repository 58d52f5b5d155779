import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/stream/sources/index.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { concat, lenaFile, readLena } from '../support/audio.ts';
import { collect } from '../support/collect.ts';
import { runHere } from '../support/run-here.ts';
import { encodeWav } from '../support/wav.ts';

/** The built program. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) console.warn('Skipped the tests of undertone next: run npm run build first.');

const RATE = 44_100;
const MODEL = ['--model', 'undertone-lite', '--engine', 'wasm'];

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

async function undertone(...args: string[]) {
  try {
    return {
      code: 0,
      ...(await promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: 1 << 26 })),
    };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const next = (...args: string[]) => undertone('next', ...args, ...MODEL);
const nextHere = (...args: string[]) => runHere(['next', ...args, ...MODEL]);

async function demo(seed: number, seconds: number): Promise<Float32Array> {
  const source = openSource(`demo:?seed=${seed}`, { paced: false });
  const { samples, channels, sampleRateHz } = await collect(
    source.open(new AbortController().signal),
    seconds,
  );
  expect(sampleRateHz).toBe(RATE);
  return samples.filter((_, i) => i % channels === 0);
}

const silence = (seconds: number) => new Float32Array(seconds * RATE);
const wav = (samples: Float32Array) =>
  encodeWav(samples, { sampleRateHz: RATE, channels: 1, encoding: 's16' });

describe.skipIf(!existsSync(CLI))('undertone next', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-next-'));
    await mkdir(at('crate', 'more'), { recursive: true });
    const [one, two] = [await demo(1, 24), await demo(2, 16)];
    const write = (name: string, samples: Float32Array) => writeFile(at(name), wav(samples));
    await write('now.wav', concat([one.subarray(0, 12 * RATE), silence(4)]));
    await write('crate/then.wav', concat([silence(2), one.subarray(12 * RATE)]));
    await write('crate/other.wav', two);
    await copyFile(lenaFile('ogg'), at('crate', 'more', 'voice.ogg'));
    await write('silent.wav', silence(8));
    await write('short.wav', two.subarray(0, 4 * RATE));
    await writeFile(at('noise.mp3'), 'This is not audio.');
    await writeFile(at('empty.wav'), '');
    await writeFile(at('cut.wav'), wav(readLena()).subarray(0, 44 + 2 * RATE));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('prints the ending, its forecast, and a table with the nearest track first', async () => {
    const { code, stdout, stderr } = await next('--after', at('now.wav'), '--from', at('crate'));
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /now\.wav ends at 0:1[0-3]\.[05]: valence [+−]?0\.\d\d, arousal [+−]?0\.\d\d \([a-z]+\)$/,
    );
    expect(lines[1]).toMatch(/^in 10 s it would be at valence [+−]?0\.\d\d, arousal [+−]?0\.\d\d$/);
    expect(lines[3]).toMatch(/^rank {2}distance {2}valence {2}arousal {2}mood +within ±0\.05 {2}file$/);
    const rows = lines.slice(4).map((line) => line.trim().split(/ {2,}/));
    expect(rows.map(([rank]) => rank)).toEqual(['1', '2', '3']);
    const distances = rows.map((row) => Number(row[1]));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(rows.map((row) => row.at(-1)).sort()).toEqual([
      at('crate/more/voice.ogg'),
      at('crate/other.wav'),
      at('crate/then.wav'),
    ]);
  });

  test('analyzes both tracks as undertone track does', async () => {
    const { stdout } = await next(
      '--after',
      at('now.wav'),
      '--from',
      at('crate/then.wav'),
      '--json',
      '--opening',
      '8',
    );
    const result = JSON.parse(stdout);
    const track = async (name: string) => {
      const { stdout: lines } = await undertone('track', at(name), ...MODEL);
      const frames = lines
        .trimEnd()
        .split('\n')
        .map((line): EmotionFrame => JSON.parse(line));
      return frames.filter(({ activity }) => activity === 'music');
    };
    const ending = (await track('now.wav')).at(-1)!;
    expect(ending.t).toBeLessThan(13);
    expect(result.after).toMatchObject({ file: at('now.wav'), t: ending.t, mood: ending.mood });
    expect(result.after.valence).toBeCloseTo(ending.valence!, 4);
    expect(result.after.forecast[4].arousalLow).toBeCloseTo(ending.forecast[4]!.arousalLow, 4);
    const [opened] = result.tracks;
    expect(opened).toMatchObject({ rank: 1, file: at('crate/then.wav'), start: 2 });
    const frames = (await track('crate/then.wav')).filter(({ t }) => t <= 10);
    expect(opened.path).toHaveLength(frames.length);
    for (const [i, step] of opened.path.entries()) {
      expect(step.at).toBe(frames[i]!.t - 2);
      expect(step.arousal).toBeCloseTo(frames[i]!.arousal!, 4);
    }
    expect(result).toMatchObject({ model: 'undertone-lite', engine: 'wasm', opening: 8, tolerance: 0.05 });
  });

  test('explains why it skips files, and ranks the others', async () => {
    const names = [
      'silent.wav',
      'short.wav',
      'noise.mp3',
      'empty.wav',
      'cut.wav',
      'nowhere.mp3',
      'now.wav',
      'crate/other.wav',
    ];
    const given = names.map((name) => at(name));
    await copyFile(at('crate/other.wav'), at('copy.wav'));
    const { code, stdout, stderr } = await next(
      '--after',
      at('now.wav'),
      '--from',
      ...given,
      at('copy.wav'),
      '--json',
    );
    expect(code).toBe(0);
    const { tracks, passedOver } = JSON.parse(stdout);
    expect(tracks.map(({ file }: { file: string }) => file)).toEqual([at('crate/other.wav')]);
    const codes = Object.fromEntries(
      passedOver.map(({ file, code: why }: { file: string; code: string }) => [
        file.slice(folder.length + 1),
        why,
      ]),
    );
    expect(codes).toEqual({
      'silent.wav': 'no-music',
      'short.wav': 'too-short',
      'noise.mp3': 'bad-audio',
      'empty.wav': 'bad-audio',
      'cut.wav': 'truncated-audio',
      'nowhere.mp3': 'no-file',
      'now.wav': 'same-track',
      'copy.wav': 'duplicate',
    });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(8);
    for (const line of lines) expect(line).toMatch(/^undertone: Skipped: .*[a-z]+.*\.$/);
    expect(stderr).toContain(`${at('silent.wav')} has no music in its 8 s`);
    expect(stderr).toMatch(/short\.wav has (3\.5|4) s of music; at least 5 s are needed/);
  });

  test('lists fitting tracks first or alone with the rule; where none fits, it prints so and ranks all', async () => {
    const crate = ['--after', at('now.wav'), '--from', at('crate'), '--json'];
    const all = JSON.parse((await nextHere(...crate)).stdout).tracks as {
      file: string;
      distance: number;
      path: { valence: number; arousal: number }[];
    }[];
    // A tolerance that exactly one track fits, whichever that is.
    const { after } = JSON.parse((await nextHere(...crate)).stdout);
    const gap = ({ path }: (typeof all)[number]) =>
      Math.max(
        Math.abs(path[0]!.valence - after.forecast[0].valence),
        Math.abs(path[0]!.arousal - after.forecast[0].arousal),
      );
    const [nearest, second] = [...all].sort((a, b) => gap(a) - gap(b));
    const between = String((gap(nearest!) + gap(second!)) / 2);
    const marked = JSON.parse((await nextHere(...crate, '--tolerance', between)).stdout).tracks;
    expect(marked.map(({ fits }: { fits: boolean }) => fits)).toEqual([true, false, false]);
    expect(marked[0].file).toBe(nearest!.file);
    const alone = await nextHere(...crate, '--tolerance', between, '--only-fits');
    expect(JSON.parse(alone.stdout).tracks).toHaveLength(1);
    const none = await nextHere(...crate, '--tolerance', String(gap(nearest!) / 2), '--only-fits');
    expect(none.code).toBe(0);
    expect(none.stderr).toMatch(
      /^undertone: No track begins within ±.* of the forecast; all are ranked by distance\.\n$/,
    );
    expect(JSON.parse(none.stdout).tracks.map(({ file }: { file: string }) => file)).toEqual(
      all.map(({ file }) => file),
    );
  });

  // @ is the folder; the last --model counts.
  test.each<[string, string, number, RegExp]>([
    ['no track', '', 2, /required option '--after <file>' not specified/],
    ['nothing to choose from', '--after @now.wav', 2, /required option '--from <path...>'/],
    ['a tolerance of 0', '--after a --from b --tolerance 0', 2, /Expected a number above 0/],
    [
      'an opening of a second',
      '--after a --from b --opening 1',
      2,
      /Expected a number of seconds from 5 to 300/,
    ],
    [
      '--only-fits without --tolerance',
      '--after a --from b --only-fits',
      2,
      /^undertone: --only-fits requires --tolerance/,
    ],
    ['a missing track', '--after @no.wav --from @crate', 1, /^undertone: There is no file .*no\.wav/],
    ['a folder', '--after @crate --from @crate', 1, /crate is a directory: expected an audio file\.\n$/],
    [
      'silence',
      '--after @silent.wav --from @crate',
      1,
      /silent\.wav has no music, so no track can continue it/,
    ],
    ['a damaged track', '--after @cut.wav --from @crate', 1, /^undertone: cut\.wav is cut short or damaged/],
    ['itself', '--after @now.wav --from @now.wav', 1, /is playing.*\nundertone: No track is left to rank/],
    ['before silence', '--after @now.wav --from @silent.wav', 1, /no music.*\nundertone: No track is left/],
    [
      'a made-up model',
      '--after @now.wav --from @crate --model nobody',
      1,
      /^undertone: There is no model "nobody"/,
    ],
  ])('prints one sentence and exits with the right code: %s', async (_, line, code, sentence) => {
    const args = line.split(' ').map((arg) => (arg.startsWith('@') ? at(arg.slice(1)) : arg));
    const ended = await runHere(['next', ...MODEL, ...args.filter((arg) => arg !== '')]);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
  });

  test('shows an example with --help', async () => {
    const { code, stdout } = await undertone('next', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('$ undertone next --after playing.flac --from crate/');
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../server/support.ts';
import { lenaFile, readLena } from '../support/audio.ts';
import { encodeWav } from '../support/wav.ts';

/** The examples import `undertone` as users do, which is the build here. */
const built = test.runIf(existsSync('dist/src/index.js'));

function run(name: string, args: readonly string[], input?: Buffer) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [`examples/${name}`, ...args], {
    ...(input && { input }),
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { lines: stdout.trimEnd().split('\n'), stderr, status };
}

built('playlist-by-arousal sorts files from calm to energetic, and names those it cannot read', () => {
  const folder = tempFolder();
  const quiet = join(folder, 'quiet.wav');
  const format = { sampleRateHz: 44_100, channels: 1, encoding: 's16' } as const;
  writeFileSync(
    quiet,
    encodeWav(
      readLena().map((sample) => 0.1 * sample),
      format,
    ),
  );
  const loud = lenaFile('mp3');
  const { lines, stderr, status } = run('playlist-by-arousal.mjs', [loud, 'no-such-file.mp3', quiet]);
  expect(stderr).toMatch(/^There is no file no-such-file\.mp3: .*\n$/);
  expect(status).toBe(0);
  expect(lines[0]).toBe('#EXTM3U');
  const arousals = lines.flatMap((line) => /^# arousal (-?\d\.\d\d)$/.exec(line)?.[1] ?? []).map(Number);
  expect(arousals).toEqual([...arousals].sort((a, b) => a - b));
  expect(lines.filter((line) => line[0] !== '#').sort()).toEqual([loud, quiet].sort());
});

built('pcm-to-ndjson turns a pipe into frames', () => {
  const wav = readFileSync(lenaFile('wav'));
  const pcm = wav.subarray(wav.indexOf('data') + 8);
  const { lines, stderr, status } = run('pcm-to-ndjson.mjs', ['44100', '1'], pcm);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(Array.from({ length: 24 }, (_, seq) => seq));

  const cut = run('pcm-to-ndjson.mjs', ['44100', '1'], pcm.subarray(0, 44_101));
  expect(cut.status).toBe(1);
  expect(cut.stderr).toMatch(/^The PCM ended within a frame: .*\n$/);
});

built('live-bars draws the demo as it plays', () => {
  const { lines, stderr, status } = run('live-bars.mjs', ['demo:', '2']);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(lines.filter((line) => /^ {2}valence [·█]{21} {2}arousal [·█]{21}$/.test(line))).toHaveLength(4);
  expect(lines[0]).toMatch(/^ +0\.5 s {2}\w+$/);
});

built('live-bars prints the error in one sentence', () => {
  const { stderr, status } = run('live-bars.mjs', ['file:no-such-file.ogg']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^There is no file no-such-file\.ogg: .*\n$/);
});

test('every example is tested here', () => {
  const source = readFileSync('test/package/examples.test.ts', 'utf8');
  for (const name of readdirSync('examples')) expect(source).toContain(`run('${name}'`);
});

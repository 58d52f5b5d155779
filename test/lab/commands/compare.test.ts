import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeData } from '../train/made-up-data.ts';

const exec = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function compare(...args: string[]): Promise<Ended> {
  return exec(process.execPath, ['dist/cli.js', 'compare', ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

test('compares, writes the page, and the second time only takes up what there is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-compare-'));
  const results = join(folder, 'docs', 'results.md');
  const args = ['--data', await makeData(16), '--systems', 'constant,persistence', '--tasks', 'tracking'];
  const places = ['--out', join(folder, 'run'), '--results', results, '--cache', join(folder, 'cache')];
  const more = [...places, '--folds', '2', '--engine', 'cpu'];

  const first = await compare(...args, ...more);
  expect(first.stderr).not.toMatch(/undertone:/);
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/^constant, fold 2: RMSE arousal 0\.\d+, valence 0\.\d+; [\d.]+ s$/m);
  const page = await readFile(results, 'utf8');
  expect(page).toMatch(
    /^# Results\n\nMade by `undertone compare --data undertone-data-\w+ --systems constant,persistence/,
  );
  expect(page).not.toContain(folder);

  const second = await compare(...args, ...more, '--json');
  const report = JSON.parse(second.stdout);
  expect(report.systems.map(({ name }: { name: string }) => name)).toEqual(['constant', 'persistence']);
  expect(await readFile(results, 'utf8')).toBe(page);
  const log = (await readFile(join(folder, 'docs', 'results.jsonl'), 'utf8')).trim().split('\n');
  const events = log.map((line) => JSON.parse(line).event);
  const folds = (event: string) => Array.from({ length: 4 }, () => event);
  expect(events).toEqual(['begin', ...folds('fold'), 'end', 'begin', ...folds('taken-up'), 'end']);
});

test.each<[string[], number, RegExp]>([
  [[], 2, /required option '--data <dir\.\.\.>' not specified/],
  [
    ['--data', 'x', '--systems', 'oracle'],
    1,
    /^undertone: There is no system "oracle"; choose from constant, /,
  ],
  [
    ['--data', 'x', '--tasks', 'tracking,dancing'],
    2,
    /There is no task "dancing"; choose from tracking, forecasting/,
  ],
  [['--data', 'x', '--protocol', 'years'], 2, /Allowed choices are folds, 70-15-15/],
  [['--data', 'x', '--folds', '1'], 2, /A whole number from 2 to 100 is expected/],
  [['--data', 'x', '--recipe', 'grandma'], 2, /Allowed choices are paper-a, /],
  [['--data', 'nowhere', '--systems', 'constant'], 1, /^undertone: There is no folder nowhere/],
])('compare %j says what is wrong in one sentence', async (args, code, sentence) => {
  const ended = await compare(...args);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(code);
});

test('compare says before it trains what it cannot write', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-compare-'));
  const file = join(folder, 'file');
  await writeFile(file, '');
  const args = ['--data', await makeData(8), '--systems', 'constant', '--engine', 'cpu'];
  const out = await compare(...args, '--out', join(file, 'run'), '--results', join(folder, 'results.md'));
  const results = await compare(...args, '--out', join(folder, 'run'), '--results', join(file, 'results.md'));
  const aFolder = await compare(...args, '--out', join(folder, 'run'), '--results', folder);

  expect(out.stderr).toMatch(/^undertone: \S+compare\.jsonl cannot be written \(ENOTDIR\); make room/m);
  expect(results.stderr).toMatch(/^undertone: \S+file cannot be written \(EEXIST\); make room/m);
  expect(aFolder.stderr).toMatch(/^undertone: \S+ is a folder; name the file that --results is to write\.$/m);
  for (const { code, stdout, stderr } of [out, results, aFolder]) {
    expect(code).toBe(1);
    expect(stdout).not.toContain('RMSE');
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});

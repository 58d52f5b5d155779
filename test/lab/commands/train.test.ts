import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { TRAINING } from '../../../lab/train/options.ts';
import { makeData } from '../train/made-up-data.ts';

const exec = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function train(...args: string[]): Promise<Ended> {
  const ended = exec(process.execPath, ['dist/cli.js', 'train', ...args]);
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

test('prints the configuration with every option from file and flags', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'undertone-train-')), 'c.json');
  await writeFile(file, '{ "network": { "frontEnd": "ced-streaming" }, "epochs": 3, "dropout": 0.4 }');
  const { code, stdout } = await train('--config', file, '--epochs', '4', '--print-config');
  expect(code).toBe(0);
  const { network, ...options } = JSON.parse(stdout);
  expect(network.frontEnd).toBe('ced-streaming');
  expect(Object.keys(options).sort()).toEqual(
    Object.keys(TRAINING['ced-streaming'])
      .filter((key) => key !== 'network')
      .sort(),
  );
  expect([options.epochs, options.dropout]).toEqual([4, 0.4]);
});

test('trains a baseline and writes it as a model that tracks', async () => {
  const out = await mkdtemp(join(tmpdir(), 'undertone-train-'));
  const data = await makeData(60);
  const flags = ['--system', 'seed-b', '--epochs', '2', '--engine', 'wasm', '--out', out];
  const { code, stdout: progress } = await train('--data', data, ...flags);
  expect(progress).toMatch(/seed-b by the recipe paper-b: \d+ training clips/);
  expect(code).toBe(0);
  const { kind, training } = JSON.parse(await readFile(join(out, 'model.json'), 'utf8'));
  expect([kind, training.recipe, training.seed]).toEqual(['seed-b', 'paper-b', 1]);
  const track = ['dist/cli.js', 'track', join(data, 'audio/1.wav'), '--model', out, '--engine', 'wasm'];
  const { stdout } = await exec(process.execPath, track);
  const frames = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(frames.filter(({ type }) => type === 'emotion')).toHaveLength(8);
  expect(frames.some(({ valence }) => Math.abs(valence) > 0)).toBe(true);
});

test('a protocol is resumed with its own number of epochs', async () => {
  const out = await mkdtemp(join(tmpdir(), 'undertone-train-'));
  await writeFile(join(out, 'protocol.json'), '{}');
  const { code, stderr } = await train('--resume', out, '--epochs', '3');
  expect(stderr).toMatch(/^undertone: --epochs cannot be combined with --resume of a protocol/);
  expect(code).toBe(2);
});

test.each<[string[], number, RegExp]>([
  [[], 2, /^undertone: No music was given; pass its folder with --data/],
  [
    ['--data', 'nowhere'],
    1,
    /^undertone: There is no folder nowhere: name the one that holds the labeled music\.\n$/,
  ],
  [['--resume', 'nowhere'], 1, /^undertone: There is nothing to resume in nowhere/],
  [['--resume', 'x', '--seed', '3'], 2, /^undertone: --seed cannot be combined with --resume/],
  [['--resume', 'x', '--unlabelled', 'y'], 2, /^undertone: --unlabelled cannot be combined with --resume/],
  [
    ['--config', 'nowhere.json'],
    1,
    /^undertone: The configuration nowhere\.json is invalid: it cannot be read/,
  ],
  [
    ['--system', 'seed-a', '--front-end', 'mel'],
    2,
    /^undertone: --front-end cannot be combined with --system/,
  ],
  [['--data', 'x', '--recipe', 'paper-a'], 2, /^undertone: --recipe applies to baselines only/],
  [['--data', 'x', '--system', 'seed-z'], 2, /Allowed choices are seed-a, seed-a-carried/],
  [['--data', 'x', '--protocol', 'folds', '--folds', '1'], 2, /Expected at least 2 folds/],
  [['--data', 'x', '--protocol', 'magic'], 2, /Allowed choices are folds, years, split/],
])('train %j fails with one clear sentence', async (args, code, sentence) => {
  const ended = await train(...args);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(code);
});

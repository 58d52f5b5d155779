import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { TRAINING } from '../../src/model/train/options.ts';

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

test('the configuration is printed with every option, as file and flags have it', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'undertone-train-')), 'c.json');
  await writeFile(file, '{ "network": { "frontEnd": "musicnn" }, "epochs": 3, "dropout": 0.4 }');
  const { code, stdout } = await train('--config', file, '--epochs', '4', '--print-config');
  expect(code).toBe(0);
  const { network, ...options } = JSON.parse(stdout);
  expect(network.frontEnd).toBe('musicnn');
  expect(Object.keys(options).sort()).toEqual(
    Object.keys(TRAINING.musicnn)
      .filter((key) => key !== 'network')
      .sort(),
  );
  expect([options.epochs, options.dropout]).toEqual([4, 0.4]);
});

test.each<[string[], number, RegExp]>([
  [[], 2, /^undertone: No music was given; name its folder with --data/],
  [['--data', 'nowhere'], 1, /^undertone: The labelled music does not fit: the folder nowhere has none of/],
  [['--resume', 'nowhere'], 1, /^undertone: There is nothing to go on with in nowhere/],
  [['--resume', 'x', '--seed', '3'], 2, /^undertone: --seed cannot be given with --resume/],
  [
    ['--config', 'nowhere.json'],
    1,
    /^undertone: The configuration nowhere\.json does not fit: it cannot be read/,
  ],
  [['--data', 'x', '--protocol', 'magic'], 2, /Allowed choices are folds, years, split/],
])('train %j says what is wrong in one sentence', async (args, code, sentence) => {
  const ended = await train(...args);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(code);
});

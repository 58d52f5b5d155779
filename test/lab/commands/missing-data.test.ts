import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeData } from '../train/made-up-data.ts';

const CLI = 'dist/cli.js';
if (!existsSync(CLI)) console.warn('Tests of missing data are skipped: run npm run build first.');

let music: string;
let empty: string;

async function fault(line: string): Promise<{ code: number; stderr: string; stdout: string }> {
  const args = line.replaceAll('@music', music).replaceAll('@empty', empty).split(' ');
  return promisify(execFile)(process.execPath, [CLI, ...args]).then(
    () => Promise.reject(new Error(`${line} did not fail.`)),
    (error) => error,
  );
}

describe.skipIf(!existsSync(CLI))('missing data', () => {
  beforeAll(async () => {
    music = await makeData(2);
    empty = await mkdtemp(join(tmpdir(), 'undertone-empty-'));
  });

  test.each([
    'evaluate --data /missing',
    'evaluate --data @music /missing',
    'train --data /missing',
    'train --data @music /missing --protocol folds',
    'compare --data /missing',
    'activity evaluate --data @empty --deam /missing',
    'activity train --data @empty --deam /missing',
  ])('%s', async (line) => {
    const { code, stdout, stderr } = await fault(line);
    expect(stderr).toBe(
      'undertone: There is no folder /missing: name the one that holds the labeled music.\n',
    );
    expect([code, stdout]).toEqual([1, '']);
  });

  test.each(['evaluate', 'train'])('activity %s without its own data', async (command) => {
    const { code, stderr } = await fault(`activity ${command} --data /missing --deam @music`);
    expect(stderr).toBe(
      'undertone: There is no folder /missing: name the one that holds speech and music, as scripts/activity-data.sh fetches them.\n',
    );
    expect(code).toBe(1);
    const { stderr: without, code: usage } = await fault(`activity ${command} --data /missing`);
    expect(without).toMatch(/^error: required option '--deam <dir>' not specified/);
    expect(usage).toBe(2);
  });

  test('a file, and a folder without labeled music', async () => {
    const file = await fault('evaluate --data package.json');
    expect(file.stderr).toBe(
      'undertone: package.json is a file: name the folder that holds the labeled music.\n',
    );
    const { stderr } = await fault('train --data @empty');
    expect(stderr).toMatch(
      /^undertone: The labeled music cannot be used: the folder .* has none of clips\.csv .*\n$/,
    );
  });
});

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { readActivityFile, writeActivityFile } from '../../../src/model/activity/activity-file.ts';
import { madeUpActivity } from './made-up.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-activity-'));
});

it('reads a file as it was written', async () => {
  const file = madeUpActivity();
  await writeActivityFile(folder, file);
  expect(await readActivityFile(folder)).toEqual(file);
});

it('rejects a wrong file and names the field', async () => {
  await expect(readActivityFile(folder)).rejects.toMatchObject({ name: 'UserError', code: 'bad-model' });
  await writeActivityFile(folder, madeUpActivity());
  const path = join(folder, 'activity.json');
  const header = JSON.parse(await readFile(path, 'utf8'));
  header.network.hidden = 8;
  await writeFile(path, JSON.stringify(header));
  await expect(readActivityFile(folder)).rejects.toThrow(/\[6,16\], but \[6,32\] is expected/);
  header.rule.smoothing = 1;
  await writeFile(path, JSON.stringify(header));
  await expect(readActivityFile(folder)).rejects.toThrow(/rule\.smoothing/);
});

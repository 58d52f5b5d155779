import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openOutput } from '../../src/commands/output.ts';

test('writes a file to its end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const out = await openOutput(join(folder, 'out'));
  for (let i = 0; i < 5_000; i++) await out.write(`line ${i}\n`);
  await out.end();
  expect((await readFile(join(folder, 'out'), 'utf8')).split('\n')).toHaveLength(5_001);
});

test('a folder that is not there is one sentence', async () => {
  await expect(openOutput('/not/there/out')).rejects.toMatchObject({
    code: 'cannot-write',
    message: '/not/there/out cannot be written (ENOENT): name a file in a folder that you may write to.',
  });
});

test.runIf(existsSync('/dev/full'))('a full disk is one sentence, whenever it shows', async () => {
  const sentence = { code: 'cannot-write', message: expect.stringContaining('the disk is full') };
  const short = await openOutput('/dev/full');
  await short.write('a line\n');
  await expect(short.end()).rejects.toMatchObject(sentence);
  const long = await openOutput('/dev/full');
  const write = async () => {
    for (let i = 0; i < 1_000; i++) await long.write(`${'x'.repeat(1_000)}\n`);
  };
  await expect(write()).rejects.toMatchObject(sentence);
});

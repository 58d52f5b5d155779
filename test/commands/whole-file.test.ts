import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openWholeFile } from '../../src/commands/output.ts';
import { tempFolder } from '../server/support.ts';

test('appears when it is whole', async () => {
  const folder = tempFolder();
  const out = await openWholeFile(join(folder, 'out'));
  await out.write('a line\n');
  expect(existsSync(join(folder, 'out'))).toBe(false);
  await out.end();
  expect(readdirSync(folder)).toEqual(['out']);
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('a line\n');
});

test('leaves nothing where it is discarded', async () => {
  const folder = tempFolder();
  const out = await openWholeFile(join(folder, 'out'));
  await out.write('a line\n');
  await out.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test('replaces what a link leads to, with its permissions, and only when told to', async () => {
  const folder = tempFolder();
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, 'old');
  chmodSync(file, 0o640);
  symlinkSync(file, link);
  await expect(openWholeFile(link)).rejects.toMatchObject({ code: 'file-exists' });
  const out = await openWholeFile(link, { force: true });
  await out.write('new');
  expect(readFileSync(file, 'utf8')).toBe('old');
  await out.end();
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
});

test('names the file that was asked for in its faults', async () => {
  await expect(openWholeFile('/not/there/out')).rejects.toMatchObject({
    code: 'cannot-write',
    message: '/not/there/out cannot be written (ENOENT): name a file in a folder that you may write to.',
  });
});

test.runIf(existsSync('/dev/full'))('writes to a device as it is', async () => {
  const out = await openWholeFile('/dev/full');
  await out.write('a line\n');
  await expect(out.end()).rejects.toMatchObject({ code: 'cannot-write' });
  await out.discard();
});

/** Needs the build: a program of its own, which can be stopped. */
const BUILT = new URL('../../dist/src/commands/output.js', import.meta.url);

test.runIf(existsSync(BUILT))('leaves nothing where the program is stopped', async () => {
  const folder = tempFolder();
  const program = `
    const { openWholeFile } = await import(${JSON.stringify(BUILT.href)});
    const out = await openWholeFile(${JSON.stringify(join(folder, 'out'))});
    await out.write('a line');
    setInterval(() => {}, 1000);
    process.kill(process.pid, 'SIGTERM');`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  await expect(run).rejects.toMatchObject({ signal: 'SIGTERM' });
  expect(readdirSync(folder)).toEqual([]);
});

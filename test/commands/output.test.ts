import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  WriteStream,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openAtomicFile, openOutput } from '../../src/commands/output.ts';
import { tempFolder } from '../server/support.ts';

describe('an output', () => {
  test('writes a file to its end', async () => {
    const folder = tempFolder();
    const out = await openOutput(join(folder, 'out'));
    for (let i = 0; i < 5_000; i++) await out.write(`line ${i}\n`);
    await out.end();
    expect(readFileSync(join(folder, 'out'), 'utf8').split('\n')).toHaveLength(5_001);
  });

  test('reports a missing folder in one sentence', async () => {
    await expect(openOutput('/not/there/out')).rejects.toMatchObject({
      code: 'cannot-write',
      message: '/not/there/out cannot be written (ENOENT): name a file in a folder that you may write to.',
    });
  });

  test.runIf(existsSync('/dev/full'))(
    'reports a full disk in one sentence, on write and at the end',
    async () => {
      const sentence = { code: 'cannot-write', message: expect.stringContaining('the disk is full') };
      const short = await openOutput('/dev/full');
      await short.write('a line\n');
      await expect(short.end()).rejects.toMatchObject(sentence);
      const long = await openOutput('/dev/full');
      const write = async () => {
        for (let i = 0; i < 1_000; i++) await long.write(`${'x'.repeat(1_000)}\n`);
      };
      await expect(write()).rejects.toMatchObject(sentence);
    },
  );
});

describe('an atomic file', () => {
  test('appears when it is complete', async () => {
    const folder = tempFolder();
    const out = await openAtomicFile(join(folder, 'out'));
    await out.write('a line\n');
    expect(existsSync(join(folder, 'out'))).toBe(false);
    await out.end();
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('a line\n');
  });

  test('leaves nothing when it is discarded', async () => {
    const folder = tempFolder();
    const out = await openAtomicFile(join(folder, 'out'));
    await out.write('a line\n');
    await out.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(['while it is written', 'at its end'])(
    'leaves nothing when the disk is full %s',
    async (when) => {
      const folder = tempFolder();
      const out = await openAtomicFile(join(folder, 'out'));
      const full = vi.spyOn(WriteStream.prototype, '_write').mockImplementation((_part, _encoding, done) => {
        done(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
      });
      onTestFinished(() => full.mockRestore());
      const write = async () => {
        if (when === 'at its end') await out.write('a line\n').then(() => out.end());
        else for (;;) await out.write('x'.repeat(100_000));
      };
      await expect(write()).rejects.toMatchObject({
        code: 'cannot-write',
        message: expect.stringContaining('the disk is full'),
      });
      expect(readdirSync(folder)).toEqual([]);
      await out.discard();
    },
  );

  test('leaves nothing when the finished file cannot be renamed', async () => {
    const folder = tempFolder();
    const out = await openAtomicFile(join(folder, 'out'));
    mkdirSync(join(folder, 'out'));
    await expect(out.end()).rejects.toMatchObject({ code: 'cannot-write' });
    expect(readdirSync(folder)).toEqual(['out']);
  });

  test('replaces the target of a link only with force, and keeps its permissions', async () => {
    const folder = tempFolder();
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    symlinkSync(file, link);
    await expect(openAtomicFile(link)).rejects.toMatchObject({ code: 'file-exists' });
    const out = await openAtomicFile(link, { force: true });
    await out.write('new');
    expect(readFileSync(file, 'utf8')).toBe('old');
    await out.end();
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
  });

  test('names the requested file in its errors', async () => {
    await expect(openAtomicFile('/not/there/out')).rejects.toMatchObject({
      code: 'cannot-write',
      message: '/not/there/out cannot be written (ENOENT): name a file in a folder that you may write to.',
    });
  });

  test.runIf(existsSync('/dev/full'))('writes to a device directly', async () => {
    const out = await openAtomicFile('/dev/full');
    await out.write('a line\n');
    await expect(out.end()).rejects.toMatchObject({ code: 'cannot-write' });
    await out.discard();
  });

  /** The built module, for a separate process that the test can stop. */
  const BUILT = new URL('../../dist/src/commands/output.js', import.meta.url);

  test.runIf(existsSync(BUILT))('leaves nothing when the process is stopped', async () => {
    const folder = tempFolder();
    const program = `
    const { openAtomicFile } = await import(${JSON.stringify(BUILT.href)});
    const out = await openAtomicFile(${JSON.stringify(join(folder, 'out'))});
    await out.write('a line');
    setInterval(() => {}, 1000);
    process.kill(process.pid, 'SIGTERM');`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    await expect(run).rejects.toMatchObject({ signal: 'SIGTERM' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

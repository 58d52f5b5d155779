import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAtomicSync } from '../../src/util/write-atomic.ts';
import { tempFolder } from '../server/support.ts';

test('a file is replaced with the given permissions, and no temporary file is left', () => {
  const folder = tempFolder();
  const file = join(folder, 'state.json');
  writeFileSync(file, 'old');
  chmodSync(file, 0o644);
  writeAtomicSync(file, 'new', { mode: 0o600 });
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeAtomicSync(file, Uint8Array.of(1, 2), { partial: join(folder, 'own'), flush: false });
  expect([...readFileSync(file)]).toEqual([1, 2]);
  expect(readdirSync(folder)).toEqual(['state.json']);
});

test('a failed write keeps the old file and leaves no temporary file', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'taken'));
  expect(() => writeAtomicSync(join(folder, 'taken'), 'new')).toThrow('taken');
  expect(readdirSync(folder)).toEqual(['taken']);
  const file = join(folder, 'state.json');
  writeFileSync(file, 'old');
  mkdirSync(`${file}.new`);
  expect(() => writeAtomicSync(file, 'new')).toThrow('EISDIR');
  expect(readFileSync(file, 'utf8')).toBe('old');
});

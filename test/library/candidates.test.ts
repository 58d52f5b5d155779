import { copyFile, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { candidatesFrom } from '../../src/library/candidates.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-next-'));
  await mkdir(at('crate', 'more'), { recursive: true });
  for (const [name, text] of Object.entries({
    'now.mp3': 'now',
    'crate/b.ogg': 'b..',
    'crate/a.mp3': 'a..',
    'crate/more/c.FLAC': 'cc',
    'crate/cover.jpg': 'jpg',
  }))
    await writeFile(at(name), text);
});

test('lists the recordings in folders and subfolders in order, and every named file', async () => {
  const given = [at('crate'), at('crate/cover.jpg')];
  const { files, skipped } = await candidatesFrom(given, at('now.mp3'));
  expect(files).toEqual([
    at('crate/a.mp3'),
    at('crate/b.ogg'),
    at('crate/more/c.FLAC'),
    at('crate/cover.jpg'),
  ]);
  expect(skipped).toEqual([]);
});

test('keeps one of several: the same path, a link or a copy', async () => {
  await symlink(at('crate/a.mp3'), at('link.mp3'));
  await copyFile(at('crate/a.mp3'), at('copy.mp3'));
  const given = [
    at('crate/a.mp3'),
    at('crate/a.mp3'),
    `${folder}/./crate/a.mp3`,
    at('link.mp3'),
    at('copy.mp3'),
    at('crate/b.ogg'),
  ];
  const { files, skipped } = await candidatesFrom(given, at('now.mp3'));
  expect(files).toEqual([at('crate/a.mp3'), at('crate/b.ogg')]); // the same size, different content
  expect(skipped.map(({ code }) => code)).toEqual(Array(4).fill('duplicate'));
  expect(skipped[0]!.message).toBe(`${at('crate/a.mp3')} is named twice and ranked once.`);
  expect(skipped[2]!.message).toBe(
    `${at('link.mp3')} is the same recording as ${at('crate/a.mp3')}, which is ranked.`,
  );
});

test('skips the track that is playing, and a copy of it', async () => {
  await copyFile(at('now.mp3'), at('crate/now too.mp3'));
  const { files, skipped } = await candidatesFrom([at('now.mp3'), at('crate')], at('now.mp3'));
  expect(files).toHaveLength(3);
  expect(skipped.map(({ file, code }) => [file, code])).toEqual([
    [at('now.mp3'), 'same-track'],
    [at('crate/now too.mp3'), 'same-track'],
  ]);
});

test('skips missing files and folders without recordings', async () => {
  await mkdir(at('empty'));
  const given = [at('nowhere.mp3'), at('empty'), at('crate/a.mp3', 'x.mp3'), at('crate/a.mp3')];
  const { files, skipped } = await candidatesFrom(given, at('now.mp3'));
  expect(files).toEqual([at('crate/a.mp3')]);
  expect(skipped.map(({ code }) => code)).toEqual(['no-file', 'bad-data', 'no-file']);
  expect(skipped[0]!.message).toMatch(/^There is no file .*nowhere\.mp3: check the path/);
  expect(skipped[1]!.message).toMatch(/empty contains no recording/);
});

test('refuses a device before it is opened', async () => {
  const { skipped } = await candidatesFrom(['/dev/null'], at('now.mp3'));
  expect(skipped[0]!.message).toBe('/dev/null is not a regular file: expected an audio file.');
});

test.each([
  ['nowhere.mp3', 'no-file'],
  ['crate', 'bad-file'],
])('the track that is playing must be a file: %s is %s', async (name, code) => {
  await expect(candidatesFrom([at('crate')], at(name))).rejects.toMatchObject({ code });
});

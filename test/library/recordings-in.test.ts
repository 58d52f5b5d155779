import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { recordingsIn } from '../../src/library/recordings-in.ts';

const root = mkdtempSync(join(tmpdir(), 'undertone-links-'));
afterAll(() => rmSync(root, { recursive: true }));

const music = join(root, 'music');
const disk = join(root, 'disk');
for (const folder of [join(music, 'own'), join(disk, 'deep')]) mkdirSync(folder, { recursive: true });
for (const file of [join(music, 'own', 'a.ogg'), join(disk, 'b.flac'), join(disk, 'deep', 'c.MP3')])
  writeFileSync(file, '');
writeFileSync(join(disk, 'cover.jpg'), '');

const listed = async (...folders: string[]) =>
  (await recordingsIn(folders)).map((path) => relative(root, path));

describe('recordings in folders with symbolic links', () => {
  test('a linked folder and a linked file are listed under the path of the link', async () => {
    symlinkSync(disk, join(music, 'more'));
    expect(await listed(music)).toEqual(['music/more/b.flac', 'music/more/deep/c.MP3', 'music/own/a.ogg']);
    const single = join(root, 'single');
    mkdirSync(single);
    symlinkSync(join(disk, 'b.flac'), join(single, 'one.flac'));
    symlinkSync(join(disk, 'cover.jpg'), join(single, 'cover.jpg'));
    expect(await listed(single)).toEqual(['single/one.flac']);
  });

  test('a folder that is itself a link is followed', async () => {
    symlinkSync(disk, join(root, 'link'));
    expect(await listed(join(root, 'link'))).toEqual(['link/b.flac', 'link/deep/c.MP3']);
  });

  test('links in a circle end, and a recording with two paths is listed once, under its own', async () => {
    symlinkSync(music, join(disk, 'deep', 'back'));
    symlinkSync(join(music, 'own', 'a.ogg'), join(music, '0-first.ogg'));
    symlinkSync(disk, join(music, 'own', 'again'));
    expect(await listed(music)).toEqual(['music/more/b.flac', 'music/more/deep/c.MP3', 'music/own/a.ogg']);
  });

  test('links to nothing and to themselves are skipped', async () => {
    const broken = join(root, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'x.wav'), '');
    symlinkSync(join(root, 'nothing.ogg'), join(broken, 'gone.ogg'));
    symlinkSync(join(broken, 'itself.ogg'), join(broken, 'itself.ogg'));
    expect(await listed(broken)).toEqual(['broken/x.wav']);
  });
});

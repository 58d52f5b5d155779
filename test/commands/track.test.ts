import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { trackCommand } from '../../src/commands/track.ts';

test.each([
  ['an empty input', ['']],
  ['an unknown kind of source', ['ftp://host/song.mp3']],
  ['an invalid web address', ['http://']],
  ['an unknown option of a source', ['file:song.ogg?speed=2']],
  ['a name where none belongs', ['demo:piece']],
  ['an invalid stream name', ['song.ogg', '--stream', 'The Booth']],
])('%s is wrong usage, as in serve', async (_, args) => {
  const run = trackCommand().exitOverride().parseAsync(args, { from: 'user' });
  await expect(run).rejects.toMatchObject({ name: 'UserError', code: 'usage' });
});

test('the frames never overwrite a recording: neither the input nor another one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-track-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [song, other, link, noName] = ['song.mp3', 'other.MP3', 'link.csv', 'no-name'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  for (const path of [song, other, noName]) writeFileSync(path, 'audio');
  symlinkSync(song, link);
  for (const args of [
    [song, '--out', song],
    [`file:${song}`, '--out', link],
    [noName, '--out', noName],
    ['--out', other, song],
    [song, noName, '--out', noName],
  ]) {
    const run = trackCommand().exitOverride().parseAsync(args, { from: 'user' });
    await expect(run).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('would overwrite a recording'),
    });
  }
  expect([song, other, noName].map((path) => readFileSync(path, 'utf8'))).toEqual(Array(3).fill('audio'));
});

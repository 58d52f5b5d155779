import { expect, test } from 'vitest';
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

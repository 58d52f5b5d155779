import { describe, expect, test } from 'vitest';
import { libraryCommand } from '../../src/commands/library.ts';

describe.each(['add', 'remove', 'tag'])('library %s', (name) => {
  test('rejects an empty path, which would stand for the current folder', async () => {
    const command = libraryCommand().commands.find((one) => one.name() === name)!;
    command.exitOverride().configureOutput({ writeErr: () => {} });
    const run = command.parseAsync(['--library', '/not/there/library.db', '/not/there', ''], {
      from: 'user',
    });
    await expect(run).rejects.toThrow('A path is empty: name a file or a folder');
  });
});

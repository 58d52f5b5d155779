import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { libraryCommand } from '../../src/commands/library.ts';
import { tempFolder } from '../server/support.ts';

describe.each(['add', 'remove', 'tag'])('library %s', (name) => {
  test('rejects an empty path, which would stand for the current folder', async () => {
    const command = libraryCommand().commands.find((one) => one.name() === name)!;
    command.exitOverride().configureOutput({ writeErr: () => {} });
    const run = command.parseAsync(['--library', join(tempFolder(), 'library.db'), '/not/there', ''], {
      from: 'user',
    });
    await expect(run).rejects.toThrow('A path is empty: name a file or a folder');
  });
});

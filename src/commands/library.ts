import { Command } from 'commander';
import { addCommand } from './library/add.ts';
import { exportLibraryCommand } from './library/export.ts';
import { importCollectionCommand } from './library/import.ts';
import { listCommand } from './library/list.ts';
import { removeCommand } from './library/remove.ts';
import { statusCommand } from './library/status.ts';
import { tagCommand } from './library/tag.ts';

/** `undertone library`: collections of music, analyzed once. */
export function libraryCommand(): Command {
  const command = new Command('library')
    .description('Analyze a collection of music once, to choose next tracks and order sets from it.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone library add ~/Music\n  $ undertone library list --mood calm',
    );
  for (const one of [
    addCommand(),
    listCommand(),
    statusCommand(),
    removeCommand(),
    importCollectionCommand(),
    exportLibraryCommand(),
    tagCommand(),
  ])
    command.addCommand(one);
  return command;
}

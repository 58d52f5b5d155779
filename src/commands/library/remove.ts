import { Command } from 'commander';
import { UserError } from '../../user-error.ts';
import { pathArguments } from '../arguments.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

/** `undertone library remove`. */
export function removeCommand(): Command {
  const command = new Command('remove')
    .description('Remove tracks from the library; their files stay as they are.')
    .argument('[path...]', 'files, and folders with everything below them', pathArguments)
    .option('--missing', 'remove the tracks whose files were not found at the last scan');
  return withLibraryOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone library remove ~/Music/old\n  $ undertone library remove --missing',
    )
    .action(run);
}

async function run(paths: string[], flags: LibraryFlags & { readonly missing?: boolean }): Promise<void> {
  if (paths.length === 0 && !flags.missing)
    throw new UserError('usage', 'Nothing is named: name files or folders, or add --missing.');
  const { isBelow } = await import('../../library/is-below.ts');
  const { store, close } = await openTrackStore(flags);
  try {
    const isNamed = isBelow(paths);
    const removed = [...store.knownFiles().values()].filter(
      (track) => isNamed(track.path) || (flags.missing && track.missing),
    );
    store.remove(removed.map(({ id }) => id));
    store.removeFailures(store.failures().flatMap(({ path }) => (isNamed(path) ? path : [])));
    for (const folder of store.folders()) if (isNamed(folder)) store.removeFolder(folder);
    console.log(`Removed ${removed.length} ${removed.length === 1 ? 'track' : 'tracks'} from the library.`);
  } finally {
    close();
  }
}

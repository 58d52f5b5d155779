import { Command } from 'commander';
import { printable } from '../../util/printable.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

/** `undertone library import`. */
export function importCollectionCommand(): Command {
  const command = new Command('import')
    .description(
      'Import tempo, key and rating of tracks of the library from Rekordbox XML, Traktor NML or the database of Mixxx.',
    )
    .argument('<file>', "Rekordbox's exported XML, Traktor's collection.nml, or Mixxx's mixxxdb.sqlite")
    .option('--list-unknown', 'list the files of the collection that are not in the library');
  return withLibraryOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone library import collection.nml\n  $ undertone library import ~/.mixxx/mixxxdb.sqlite',
    )
    .action(run);
}

async function run(file: string, flags: LibraryFlags & { readonly listUnknown?: boolean }): Promise<void> {
  const [{ readCollection }, { importCollection }] = await Promise.all([
    import('../../library/exchange/read-collection.ts'),
    import('../../library/exchange/import-collection.ts'),
  ]);
  const collection = await readCollection(file);
  const { store, close } = await openTrackStore(flags);
  try {
    const { matched, unknown } = importCollection(collection, store);
    console.log(
      `Imported ${matched} of ${collection.length} tracks; ${unknown.length} ${unknown.length === 1 ? 'is' : 'are'} not in the library${unknown.length > 0 ? ': add them with "undertone library add"' : ''}.`,
    );
    if (flags.listUnknown) for (const path of unknown) console.log(printable(path));
  } finally {
    close();
  }
}

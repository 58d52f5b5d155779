import { type Command, Option } from 'commander';
import { defaultDataDir } from '../../log/log-files.ts';

export interface LibraryFlags {
  readonly library?: string;
  readonly dataDir?: string;
}

/** The options of all commands that use a library. */
export function withLibraryOption(command: Command): Command {
  return command
    .addOption(new Option('--library <file>', 'file of the library (default: library.db in --data-dir)'))
    .addOption(
      new Option('--data-dir <folder>', `data folder of a server (default: "${defaultDataDir()}")`).conflicts(
        'library',
      ),
    );
}

/** The library of a command: the named file or the default one. */
export async function openTrackStore(
  { library, dataDir }: LibraryFlags,
  options: { readonly create?: boolean } = {},
) {
  const [{ defaultLibraryFile, openLibrary }, { TrackStore }] = await Promise.all([
    import('../../library/store/library-database.ts'),
    import('../../library/store/track-store.ts'),
  ]);
  const file = library ?? defaultLibraryFile(dataDir);
  const db = openLibrary(file, options);
  return { file, store: new TrackStore(db), close: () => void db.close() };
}

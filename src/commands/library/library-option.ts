import { type Command, Option } from 'commander';
import { defaultDataDir } from '../../log/log-files.ts';

export interface LibraryFlags {
  readonly library?: string;
}

/** The option of all commands that use a library. */
export function withLibraryOption(command: Command): Command {
  return command.addOption(
    new Option('--library <file>', `file of the library (default: library.db in ${defaultDataDir()})`),
  );
}

/** The library of a command: the named file or the default one. */
export async function openTrackStore({ library }: LibraryFlags, options: { readonly create?: boolean } = {}) {
  const [{ defaultLibraryFile, openLibrary }, { TrackStore }] = await Promise.all([
    import('../../library/store/library-database.ts'),
    import('../../library/store/track-store.ts'),
  ]);
  const file = library ?? defaultLibraryFile();
  const db = openLibrary(file, options);
  return { file, store: new TrackStore(db), close: () => void db.close() };
}

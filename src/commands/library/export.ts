import { Command, Option } from 'commander';
import { MOODS, type Mood } from '../../mood.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

interface ExportFlags extends LibraryFlags {
  readonly format: 'm3u8' | 'rekordbox';
  readonly mood?: Mood;
  readonly out?: string;
  readonly force?: boolean;
}

/** `undertone library export`. */
export function exportLibraryCommand(): Command {
  const command = new Command('export')
    .description(
      'Export the library as a playlist, or as XML for Rekordbox with the mood as comment, color and playlists.',
    )
    .addOption(
      new Option('--format <name>', 'format of the file').choices(['m3u8', 'rekordbox']).default('m3u8'),
    )
    .addOption(new Option('--mood <word>', 'only tracks of this mood').choices(MOODS))
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--force', 'overwrite an existing file');
  return withLibraryOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone library export --format rekordbox --out undertone.xml\n  $ undertone library export --mood calm --out calm.m3u8',
    )
    .action(run);
}

async function run({ format, mood, out, force, ...flags }: ExportFlags): Promise<void> {
  const [{ dirname, resolve }, { m3uOf }, { rekordboxXml }, { openAtomicFile }] = await Promise.all([
    import('node:path'),
    import('../../library/exchange/m3u.ts'),
    import('../../library/exchange/rekordbox.ts'),
    import('../output.ts'),
  ]);
  const { store, close } = await openTrackStore(flags);
  try {
    const tracks = store.tracks().filter((track) => mood === undefined || track.mood === mood);
    const folder = out === undefined ? undefined : dirname(resolve(out));
    const text = format === 'm3u8' ? m3uOf(tracks, folder) : rekordboxXml(tracks);
    if (out === undefined) {
      process.stdout.write(text);
      return;
    }
    const file = await openAtomicFile(out, { force });
    await file.write(text);
    await file.end();
  } finally {
    close();
  }
}

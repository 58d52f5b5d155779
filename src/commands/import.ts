import { Command } from 'commander';
import { UserError } from '../user-error.ts';
import { type LogFlags, withLogOptions } from './arguments.ts';

interface ImportFlags extends LogFlags {
  readonly stream: string;
}

/** `undertone import FILE`: adds a CSV written by `export` or `track` to the log. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('Add the frames of a CSV file to the log: either all of them or none.')
    .argument('<file>', 'a CSV file written by "undertone export" or "undertone track"')
    .requiredOption('--stream <name>', 'name of the stream to add them to');
  return withLogOptions(command)
    .addHelpText(
      'after',
      '\nStop the server first.\n\nExample:\n  $ undertone import booth-2026-11-20.csv --stream booth',
    )
    .action(run);
}

async function run(file: string, flags: ImportFlags): Promise<void> {
  const [{ openDatabase }, { importCsv }, { readPassphrase }, { streamName }] = await Promise.all([
    import('../log/database.ts'),
    import('../log/import/import-csv.ts'),
    import('../log/passphrase.ts'),
    import('../util/schemas.ts'),
  ]);
  const name = streamName.safeParse(flags.stream);
  if (!name.success)
    throw new UserError(
      'usage',
      `"${flags.stream}" is not a valid stream name: ${name.error.issues[0]!.message}.`,
    );
  const log = openDatabase(flags.dataDir, { passphrase: readPassphrase(flags.passphraseFile) });
  try {
    const { frames, runs } = await importCsv(log, file, flags.stream);
    process.stdout.write(
      `Imported ${frames} frames as ${runs} ${runs === 1 ? 'run' : 'runs'} of ${flags.stream}.\n`,
    );
  } finally {
    log.close();
  }
}

import { Command } from 'commander';
import { UserError } from '../user-error.ts';
import { type LogFlags, withLogOptions } from './arguments.ts';

interface ImportFlags extends LogFlags {
  readonly stream: string;
}

/** `undertone import FILE`: a CSV that `export` or `track` wrote, into the log. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('Put the frames of a CSV of our own into the log: all of them or none.')
    .argument('<file>', 'a CSV file that "undertone export" or "undertone track" has written')
    .requiredOption('--stream <name>', 'which stream they become part of');
  return withLogOptions(command)
    .addHelpText(
      'after',
      '\nThe server must not run meanwhile.\n\nExample:\n  $ undertone import booth-2026-11-20.csv --stream booth',
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
      `"${flags.stream}" is no name of a stream: ${name.error.issues[0]!.message}.`,
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

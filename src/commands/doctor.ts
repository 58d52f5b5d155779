import { Command } from 'commander';
import { textTable } from '../util/text-table.ts';
import { type LogFlags, logFileIn, withLogOptions } from './arguments.ts';

interface DoctorFlags extends LogFlags {
  readonly full?: boolean;
  readonly repair?: boolean;
  readonly json?: boolean;
}

/** `undertone doctor`: is the log sound, and what is to be done where it is not? */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('Check a log, also while a server writes it; exit 1 where something is to be mended.')
    .option('--full', 'look at every page and every frame, not at samples')
    .option('--repair', 'make rollups that do not agree with the frames anew; the server must not run')
    .option('--json', 'as JSON');
  return withLogOptions(command)
    .addHelpText(
      'after',
      '\n--data-dir may also name a file: a backup, say.\n\nExamples:\n  $ undertone doctor\n  $ undertone doctor --full --data-dir /mnt/usb/undertone-2026-11-20.db',
    )
    .action(run);
}

async function run(flags: DoctorFlags): Promise<void> {
  const [{ examine }, { readPassphrase }] = await Promise.all([
    import('../log/doctor/examine.ts'),
    import('../log/passphrase.ts'),
  ]);
  const passphrase = readPassphrase(flags.passphraseFile);
  if (flags.repair) await repair(flags, passphrase);
  const findings = examine({ file: logFileIn(flags.dataDir), passphrase, full: flags.full ?? false });
  const rows = findings.map(({ check, status, says }) => [check, status, says]);
  process.stdout.write(
    flags.json ? `${JSON.stringify(findings, null, 2)}\n` : `${textTable(rows, { align: 'l' })}\n`,
  );
  if (findings.some(({ status }) => status === 'fault')) process.exitCode = 1;
}

async function repair({ dataDir }: DoctorFlags, passphrase: string | undefined): Promise<void> {
  const [{ openDatabase }, { repairRollups }] = await Promise.all([
    import('../log/database.ts'),
    import('../log/doctor/check-rollups.ts'),
  ]);
  const log = openDatabase(dataDir, { passphrase });
  try {
    const mended = repairRollups(log);
    process.stderr.write(`undertone: ${mended} minutes were made anew from their frames.\n`);
  } finally {
    log.close();
  }
}

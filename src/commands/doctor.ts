import { Command } from 'commander';
import { textTable } from '../util/text-table.ts';
import { type LogFlags, logFileIn, withLogOptions } from './arguments.ts';

interface DoctorFlags extends LogFlags {
  readonly full?: boolean;
  readonly repair?: boolean;
  readonly json?: boolean;
}

/** `undertone doctor`: checks the log and reports what to repair. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('Check the log, also while a server is using it; exits with 1 if something needs repair.')
    .option('--full', 'check every page and every frame instead of samples')
    .option('--repair', 'rebuild rollups that do not match the frames; stop the server first')
    .option('--json', 'print JSON');
  return withLogOptions(command)
    .addHelpText(
      'after',
      '\n--data-dir may also be a file, such as a backup.\n\nExamples:\n  $ undertone doctor\n  $ undertone doctor --full --data-dir /mnt/usb/undertone-2026-11-20.db',
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
    const repaired = repairRollups(log);
    process.stderr.write(`undertone: rebuilt the rollups of ${repaired} minutes from their frames.\n`);
  } finally {
    log.close();
  }
}

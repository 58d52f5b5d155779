import { Command } from 'commander';
import { type LogFlags, logFileIn, withLogOptions } from './arguments.ts';

interface BackupFlags extends LogFlags {
  readonly copyPassphraseFile?: string;
  readonly force?: boolean;
}

/** `undertone backup FILE`: a copy of the log, also while a server writes it. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('Copy the log to a file, as it is at one moment, also while a server writes it.')
    .argument('<file>', 'where the copy goes')
    .option('--force', 'write over a file that is there')
    .option(
      '--copy-passphrase-file <file>',
      'encrypt the copy with the passphrase in the first line of this file',
    );
  return withLogOptions(command)
    .addHelpText(
      'after',
      `
An encrypted copy needs the file FILE.salt that is written beside it. To go back to a copy, stop the
server and put it in the data directory as undertone.db (and undertone.db.salt).

Examples:
  $ undertone backup /mnt/usb/undertone-2026-11-20.db
  $ undertone doctor --data-dir /mnt/usb/undertone-2026-11-20.db`,
    )
    .action(async (file: string, flags: BackupFlags) => {
      const [{ backUp }, { readPassphrase }] = await Promise.all([
        import('../log/backup.ts'),
        import('../log/passphrase.ts'),
      ]);
      const { copyPassphraseFile, force } = flags;
      const bytes = backUp({
        from: logFileIn(flags.dataDir),
        to: file,
        passphrase: readPassphrase(flags.passphraseFile),
        copyPassphrase: copyPassphraseFile === undefined ? undefined : readPassphrase(copyPassphraseFile),
        force,
      });
      process.stdout.write(`Copied to ${file}: ${(bytes / 1e6).toFixed(1)} MB.\n`);
    });
}

import { Command } from 'commander';
import { type LogFlags, logFileIn, withLogOptions } from './arguments.ts';

interface BackupFlags extends LogFlags {
  readonly copyPassphraseFile?: string;
  readonly force?: boolean;
}

/** `undertone backup FILE`: copies the log, also while a server is using it. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('Copy the log to a file: a consistent snapshot, also while a server is using the log.')
    .argument('<file>', 'path of the copy')
    .option('--force', 'overwrite an existing file')
    .option(
      '--copy-passphrase-file <file>',
      'file whose first line is the passphrase to encrypt the copy with',
    );
  return withLogOptions(command)
    .addHelpText(
      'after',
      `
An encrypted copy needs the file FILE.salt, which is written beside it. To restore a copy, stop the
server and put the copy in the data directory as undertone.db (and undertone.db.salt).

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

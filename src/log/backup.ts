import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../user-error.ts';
import { openReadOnly } from './database.ts';
import { codeOf, reasonOf } from './database-error.ts';
import { isOfLog, saltFileOf } from './log-files.ts';
import { newKeyFor } from './passphrase.ts';

interface BackupOptions {
  /** The log to copy: its database file. */
  readonly from: string;
  readonly to: string;
  /** Passphrase of the log; also of the copy, unless `copyPassphrase` is given. */
  readonly passphrase?: string | undefined;
  readonly copyPassphrase?: string | undefined;
  /** Replaces an existing file. */
  readonly force?: boolean | undefined;
}

/**
 * Copies a log as it is at one moment. A server may write the log at the same time; neither waits for the other.
 * The copy appears under its name only when it is complete and on the disk. Returns its size in bytes.
 *
 * @throws UserError `usage`, `file-exists`, `backup-failed`, and those of `openReadOnly`
 */
export function backUp({ from, to, passphrase, copyPassphrase, force = false }: BackupOptions): number {
  const partial = `${to}.partial`;
  if ([to, saltFileOf(to), partial, saltFileOf(partial)].some((path) => isOfLog(path, from))) {
    throw new UserError(
      'usage',
      `${to} is the log itself, or the copy would replace one of its files: name another file.`,
    );
  }
  if (existsSync(to) && !force) {
    throw new UserError(
      'file-exists',
      `${to} already exists: name another file, or replace it with --force.`,
    );
  }
  const log = openReadOnly(from, { passphrase });
  try {
    removeAll(partial);
    // SQLite keeps the permissions of an existing empty file, so no other user can read the copy as it grows.
    closeSync(openSync(partial, 'wx', 0o600));
    const key = copyPassphrase === undefined ? log.key : newKeyFor(partial, copyPassphrase);
    if (copyPassphrase === undefined && log.key !== undefined)
      copyFileSync(saltFileOf(from), saltFileOf(partial));
    const uri = `file:${encodeURI(resolve(partial)).replace(/[?#']/g, encodeURIComponent)}`;
    log.db.exec(
      `VACUUM INTO '${uri.replaceAll("'", "''")}?${key === undefined ? '' : `cipher=aes256cbc&key=${key}`}'`,
    );
    syncFile(partial);
    if (!existsSync(saltFileOf(partial))) rmSync(saltFileOf(to), { force: true });
    else renameSync(saltFileOf(partial), saltFileOf(to));
    renameSync(partial, to);
    return statSync(to).size;
  } catch (cause) {
    if (existsSync(partial)) removeAll(partial);
    if (cause instanceof UserError) throw cause;
    const damaged = codeOf(cause) === 'SQLITE_CORRUPT';
    throw new UserError(
      'backup-failed',
      damaged
        ? `The log ${from} is damaged: run "undertone doctor", and keep your existing backups.`
        : `The copy ${to} cannot be written (${reasonOf(cause)}): name a file in a folder that you can write to, with enough free space for the whole log.`,
      { cause },
    );
  } finally {
    log.close();
  }
}

function removeAll(file: string): void {
  rmSync(file, { force: true });
  rmSync(saltFileOf(file), { force: true });
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

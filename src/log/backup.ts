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
import { codeOf, reasonOf } from './database-fault.ts';
import { isOfLog } from './log-files.ts';
import { newKeyFor, saltFileOf } from './passphrase.ts';

export interface BackupOptions {
  /** The log to copy: its database file. */
  readonly from: string;
  readonly to: string;
  /** Of the log. The copy has the same, unless `copyPassphrase` says otherwise. */
  readonly passphrase?: string | undefined;
  /** Encrypts the copy with this instead. */
  readonly copyPassphrase?: string | undefined;
  /** Writes over a file that is there. */
  readonly force?: boolean | undefined;
}

/**
 * Copies a log as it is at one moment, also while a server writes it: the server is never in the way, nor the
 * copy in its. The copy appears under its name when it is whole and on the disk. Returns its size in bytes.
 */
export function backUp({ from, to, passphrase, copyPassphrase, force = false }: BackupOptions): number {
  const partial = `${to}.partial`;
  if ([to, saltFileOf(to), partial, saltFileOf(partial)].some((path) => isOfLog(path, from))) {
    throw new UserError(
      'usage',
      `${to} is the log itself, or the copy would take the place of one of its files: name another file.`,
    );
  }
  if (existsSync(to) && !force) {
    throw new UserError(
      'file-exists',
      `${to} is there already: name another file, or say --force to write over it.`,
    );
  }
  const log = openReadOnly(from, { passphrase });
  try {
    removeAll(partial);
    // A file that is there, and empty, keeps its permissions: no one else reads along while it grows.
    closeSync(openSync(partial, 'wx', 0o600));
    const key = copyPassphrase === undefined ? log.key : newKeyFor(partial, copyPassphrase);
    if (copyPassphrase === undefined && log.key !== undefined)
      copyFileSync(saltFileOf(from), saltFileOf(partial));
    const uri = `file:${encodeURI(resolve(partial)).replace(/[?#']/g, encodeURIComponent)}`;
    log.db.exec(
      `VACUUM INTO '${uri.replaceAll("'", "''")}?${key === undefined ? '' : `cipher=aes256cbc&key=${key}`}'`,
    );
    toDisk(partial);
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
        ? `The log ${from} is damaged: see what "undertone doctor" says of it, and keep the backups you have.`
        : `The copy ${to} cannot be written (${reasonOf(cause)}): name a file in a folder that you may write to, with room for the whole log.`,
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

function toDisk(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'libsql';
import { UserError } from '../../user-error.ts';
import { migrate } from './migrations.ts';

export const LOG_FILE = 'undertone.db';
const LOCK_FILE = 'undertone.lock';

export interface LogDatabase {
  readonly db: Database.Database;
  readonly file: string;
  close(): void;
}

/** Opens, and where need be creates, the log in `dataDir`. Every fault is one sentence. */
export function openDatabase(dataDir: string): LogDatabase {
  const file = join(dataDir, LOG_FILE);
  try {
    makeFolder(dataDir);
  } catch (cause) {
    throw cannotWrite(dataDir, reasonOf(cause), cause);
  }
  const lock = takeLock(dataDir);
  try {
    const db = new Database(file);
    db.prepare('PRAGMA journal_mode = WAL').get();
    // NORMAL leaves a commit in the operating system's cache, which `kill -9` does not touch; log.ts sends
    // it on to the disk outside the event loop, so that no commit ever waits for a disk.
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec('PRAGMA wal_autocheckpoint = 0'); // checkpointer.ts does it elsewhere.
    // Another program may look into the file, but the event loop waits for it only so long.
    db.exec('PRAGMA busy_timeout = 200');
    migrate(db, file);
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return {
      db,
      file,
      close() {
        db.close();
        lock.close();
      },
    };
  } catch (cause) {
    lock.close();
    if (cause instanceof UserError) throw cause;
    if (codeOf(cause) === 'SQLITE_NOTADB' || codeOf(cause) === 'SQLITE_CORRUPT') {
      throw new UserError(
        'log-damaged',
        `The log ${file} is not a readable database: move it away, or choose another --data-dir.`,
        { cause },
      );
    }
    throw cannotWrite(dataDir, reasonOf(cause), cause);
  }
}

/** As `mkdir -p`; Node's own `recursive` never returns where a parent is there and refuses, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  const parent = dirname(resolve(folder));
  if (!existsSync(parent)) makeFolder(parent);
  mkdirSync(folder);
}

/**
 * One server per data directory: run numbers are handed out in memory. The lock is an open transaction on
 * a file of its own, which the operating system lets go of however the process ends.
 */
function takeLock(dataDir: string): { close(): void } {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(dataDir, LOCK_FILE));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock?.close();
    if (codeOf(cause) === 'SQLITE_BUSY') {
      throw new UserError(
        'data-dir-busy',
        `Another undertone is using the data directory ${dataDir}: stop it, or choose another --data-dir.`,
        { cause },
      );
    }
    throw cannotWrite(dataDir, reasonOf(cause), cause);
  }
}

function cannotWrite(dataDir: string, reason: string, cause: unknown): UserError {
  return new UserError(
    'data-dir',
    `Cannot write the log in the data directory ${dataDir} (${reason}): make it writable, or choose another with --data-dir.`,
    { cause },
  );
}

/** SQLite's and the file system's codes in plain words. */
const REASONS: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'the file is read-only',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_CANTOPEN: 'the file cannot be opened',
  SQLITE_PERM: 'permission denied',
  SQLITE_BUSY: 'another program holds it locked',
  SQLITE_CORRUPT: 'the file is damaged',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name',
  ENOENT: 'it cannot be created there',
};

/** SQLite's primary result codes, for libsql gives no name where opening fails. */
const PRIMARY_CODES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

/** `SQLITE_FULL`, `ENOSPC`, …; extended codes (`SQLITE_IOERR_WRITE`) are cut to their primary code. */
export function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && code !== '') return code.replace(/^(SQLITE_[A-Z]+)_.*$/, '$1');
  // `ConnectionFailed("Unable to open connection to local database PATH: 14")`
  const number = /: (\d+)"\)$/.exec(String(message))?.[1];
  return number === undefined ? '' : (PRIMARY_CODES[Number(number) & 0xff] ?? '');
}

export function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? String((error as { message?: unknown }).message ?? error);
}

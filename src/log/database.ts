import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'libsql';
import { UserError } from '../user-error.ts';
import { codeOf, reasonOf } from './database-fault.ts';
import { migrate } from './migrations.ts';
import { keyFor, kindOfFile, saltFileOf, wrongPassphrase } from './passphrase.ts';

export const LOG_FILE = 'undertone.db';
export const LOCK_FILE = 'undertone.lock';

export interface DatabaseOptions {
  /** Encrypts the whole database; one that was begun with a passphrase opens with no other. */
  readonly passphrase?: string | undefined;
}

export interface LogDatabase {
  readonly db: Database.Database;
  readonly file: string;
  /** For other connections to the same file; undefined where it is not encrypted. */
  readonly key: string | undefined;
  close(): void;
}

/** Opens, and where need be creates, the log in `dataDir`. Every fault is one sentence. */
export function openDatabase(dataDir: string, { passphrase }: DatabaseOptions = {}): LogDatabase {
  const file = join(dataDir, LOG_FILE);
  try {
    makeFolder(dataDir);
  } catch (cause) {
    throw cannotWrite(dataDir, reasonOf(cause), cause);
  }
  const lock = takeLock(dataDir);
  try {
    const key = keyFor(file, passphrase);
    // What music a room heard is nobody else's business; the write-ahead log gets the same permissions.
    closeSync(openSync(file, 'a', 0o600));
    const db = connect(file, key);
    prepare(db, file);
    return {
      db,
      file,
      key,
      close() {
        db.close();
        lock.close();
      },
    };
  } catch (cause) {
    lock.close();
    throw explained(cause, file, () => cannotWrite(dataDir, reasonOf(cause), cause));
  }
}

export function connect(file: string, key: string | undefined): Database.Database {
  return new Database(file, key === undefined ? {} : ENCRYPTION(key));
}

/** The types of libsql do not have its own option `encryptionKey`. */
const ENCRYPTION = (encryptionKey: string) => ({ encryptionKey }) as Database.Options;

function prepare(db: Database.Database, file: string): void {
  db.exec('PRAGMA busy_timeout = 200'); // Another program may look into the file; we wait only so long.
  // Only what is set before the first table has an effect; older files get it from a VACUUM below.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.prepare('PRAGMA journal_mode = WAL').get();
  // NORMAL leaves a commit in the operating system's cache, which `kill -9` does not touch; log.ts sends
  // it on to the disk outside the event loop, so that no commit ever waits for a disk.
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec('PRAGMA wal_autocheckpoint = 0'); // checkpointer.ts does it elsewhere.
  db.exec(`PRAGMA journal_size_limit = ${16 * 1024 * 1024}`);
  // What is erased, dropped or moved leaves no bytes behind in the file.
  db.exec('PRAGMA secure_delete = ON');
  migrate(db, file);
  if ((db.prepare('PRAGMA auto_vacuum').get() as { auto_vacuum: number }).auto_vacuum !== INCREMENTAL) {
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  }
  db.exec('BEGIN IMMEDIATE; ROLLBACK');
}

const INCREMENTAL = 2;

/**
 * Opens a log to look at, also while a server writes it; nothing is changed, not even its schema.
 *
 * @param file a database, not its folder
 */
export function openReadOnly(file: string, { passphrase }: DatabaseOptions = {}): LogDatabase {
  if (kindOfFile(file) === 'new') {
    throw new UserError(
      'no-log',
      `There is no log at ${file}: name the folder or file of one, as "undertone serve" prints it when it starts.`,
    );
  }
  try {
    const key = keyFor(file, passphrase);
    const db = connect(readOnlyUri(file), key);
    db.exec('PRAGMA busy_timeout = 5000');
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    return { db, file, key, close: () => db.close() };
  } catch (cause) {
    throw explained(
      cause,
      file,
      () =>
        new UserError(
          'cannot-read-log',
          `The log ${file} cannot be read (${reasonOf(cause)}): run this as a user who may read it and its folder.`,
          { cause },
        ),
    );
  }
}

/** Where no server has it open, and its folder may not be written, there is no write-ahead log to look at. */
function readOnlyUri(file: string): string {
  const path = encodeURI(resolve(file)).replace(/[?#]/g, encodeURIComponent);
  return `file:${path}?mode=ro${existsSync(`${file}-wal`) ? '' : '&immutable=1'}`;
}

function explained(cause: unknown, file: string, otherwise: () => UserError): UserError {
  if (cause instanceof UserError) return cause;
  const code = codeOf(cause);
  if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') return otherwise();
  if (existsSync(saltFileOf(file))) return wrongPassphrase(file, cause);
  return new UserError(
    'log-damaged',
    `The log ${file} is not a readable database: move it away, put a backup in its place, or choose another --data-dir.`,
    { cause },
  );
}

/** As `mkdir -p`; Node's own `recursive` never returns where a parent is there and refuses, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  const parent = dirname(resolve(folder));
  if (!existsSync(parent)) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
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

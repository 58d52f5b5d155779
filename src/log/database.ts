import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'libsql';
import { UserError } from '../user-error.ts';
import { codeOf, isDiskFull, reasonOf } from './database-error.ts';
import { LOCK_FILE, LOG_FILE, saltFileOf } from './log-files.ts';
import { migrate } from './migrations.ts';
import { formerReadings, keyFor, kindOfFile, wrongPassphrase } from './passphrase.ts';

interface DatabaseOptions {
  /** Encrypts the whole database. A database opens only with the passphrase that it was created with. */
  readonly passphrase?: string | undefined;
}

export interface LogDatabase {
  readonly db: Database.Database;
  readonly file: string;
  /** For other connections to the same file; undefined if it is not encrypted. */
  readonly key: string | undefined;
  close(): void;
}

/**
 * Opens the log in `dataDir` for writing; creates it if there is none, and migrates it to the newest schema.
 *
 * @throws UserError `data-dir`, `data-dir-busy`, `log-damaged`, `log-too-new`, `wrong-passphrase`, and those of `keyFor`
 */
export function openDatabase(dataDir: string, { passphrase }: DatabaseOptions = {}): LogDatabase {
  const file = join(dataDir, LOG_FILE);
  try {
    makeFolder(dataDir);
  } catch (cause) {
    throw cannotWrite(dataDir, reasonOf(cause), cause);
  }
  const lock = takeLock(dataDir);
  try {
    const { db, key } = decrypt(file, passphrase, (key) => {
      // Readable by the owner only; SQLite gives the write-ahead log the same permissions.
      closeSync(openSync(file, 'a', 0o600));
      const db = connect(file, key);
      prepare(db, file);
      return db;
    });
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
    throw toUserError(cause, file, () => cannotWrite(dataDir, reasonOf(cause), cause));
  }
}

/** Opens a database with the key of its passphrase, or of what earlier versions took for it. */
function decrypt(
  file: string,
  passphrase: string | undefined,
  open: (key: string | undefined) => Database.Database,
): { readonly db: Database.Database; readonly key: string | undefined } {
  const key = keyFor(file, passphrase);
  try {
    return { db: open(key), key };
  } catch (error) {
    if (passphrase === undefined || codeOf(error) !== 'SQLITE_NOTADB') throw error;
    for (const former of formerReadings(passphrase)) {
      const key = keyFor(file, former);
      try {
        return { db: open(key), key };
      } catch (formerError) {
        if (codeOf(formerError) !== 'SQLITE_NOTADB') throw formerError;
      }
    }
    throw error;
  }
}

function connect(file: string, key: string | undefined): Database.Database {
  // The types of libsql lack its option `encryptionKey`.
  const options = key === undefined ? {} : ({ encryptionKey: key } as Database.Options);
  return new Database(file, options);
}

/** The value of `PRAGMA auto_vacuum` for INCREMENTAL. */
const INCREMENTAL = 2;

function prepare(db: Database.Database, file: string): void {
  db.exec('PRAGMA busy_timeout = 200'); // How long to wait for another program that reads the file.
  // Has an effect only before the first table; older files get it with the VACUUM below.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.prepare('PRAGMA journal_mode = WAL').get();
  // NORMAL leaves a commit in the operating system's cache, which survives `kill -9`. log.ts then forces it to
  // the disk outside the event loop, so that no commit waits for the disk.
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec('PRAGMA wal_autocheckpoint = 0'); // checkpointer.ts does checkpoints.
  db.exec(`PRAGMA journal_size_limit = ${16 * 1024 * 1024}`);
  // Overwrites erased, dropped and moved rows in the file.
  db.exec('PRAGMA secure_delete = ON');
  migrate(db, file);
  if ((db.prepare('PRAGMA auto_vacuum').get() as { auto_vacuum: number }).auto_vacuum !== INCREMENTAL) {
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  }
  db.exec('BEGIN IMMEDIATE; ROLLBACK'); // Fails if the file cannot be written.
}

/**
 * Opens a log for reading, also while a server writes it. Changes nothing, not even the schema.
 *
 * @param file the database, not its folder
 * @throws UserError `no-log`, `cannot-read-log`, `log-damaged`, `wrong-passphrase`, and those of `keyFor`
 */
export function openReadOnly(file: string, { passphrase }: DatabaseOptions = {}): LogDatabase {
  if (kindOfFile(file) === 'new') {
    throw new UserError(
      'no-log',
      `There is no log at ${file}: name the folder or file of a log; "undertone serve" prints it when it starts.`,
    );
  }
  try {
    const { db, key } = decrypt(file, passphrase, (key) => {
      const db = connect(readOnlyUri(file), key);
      db.exec('PRAGMA busy_timeout = 5000');
      db.prepare('SELECT count(*) FROM sqlite_master').get();
      return db;
    });
    return { db, file, key, close: () => db.close() };
  } catch (cause) {
    throw toUserError(
      cause,
      file,
      () =>
        new UserError(
          'cannot-read-log',
          `The log ${file} cannot be read (${reasonOf(cause)}): run this as a user who can read it and its folder.`,
          { cause },
        ),
    );
  }
}

/** Without a write-ahead log the file is opened as immutable: this works also in a folder that cannot be written. */
function readOnlyUri(file: string): string {
  const path = encodeURI(resolve(file)).replace(/[?#]/g, encodeURIComponent);
  return `file:${path}?mode=ro${existsSync(`${file}-wal`) ? '' : '&immutable=1'}`;
}

function toUserError(cause: unknown, file: string, otherwise: () => UserError): UserError {
  if (cause instanceof UserError) return cause;
  const code = codeOf(cause);
  if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') return otherwise();
  if (existsSync(saltFileOf(file))) return wrongPassphrase(file, cause);
  return new UserError(
    'log-damaged',
    `The log ${file} is not a readable database: move it away, restore a backup, or choose another --data-dir.`,
    { cause },
  );
}

/** Like `mkdir -p`. Node's `recursive` option never returns if an existing parent refuses new folders, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  const parent = dirname(resolve(folder));
  if (!existsSync(parent)) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

/**
 * Only one server may write a data directory, because it assigns run numbers in memory. The lock is an open
 * transaction on a separate file; the operating system releases it however the process ends.
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
    `Cannot write the log in the data directory ${dataDir} (${reason}): ${isDiskFull(cause) ? 'free disk space' : 'make it writable'}, or choose another with --data-dir.`,
    { cause },
  );
}

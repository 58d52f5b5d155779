import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'libsql';
import { codeOf, isDiskFull, reasonOf } from '../../log/database-error.ts';
import { defaultDataDir } from '../../log/log-files.ts';
import { transaction } from '../../log/sql.ts';
import { UserError } from '../../user-error.ts';

/** Where the library is, unless another file is named. */
export const defaultLibraryFile = (dataDir: string = defaultDataDir()): string => join(dataDir, 'library.db');

/** The schema as a list of steps; `PRAGMA user_version` counts them. A released step is never changed. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE tracks (
     id INTEGER PRIMARY KEY,
     path TEXT NOT NULL UNIQUE,
     size INTEGER NOT NULL,
     mtime_ms REAL NOT NULL,
     hash TEXT NOT NULL,
     missing INTEGER NOT NULL DEFAULT 0,
     title TEXT, artist TEXT, album TEXT, genre TEXT,
     rating INTEGER,
     tag_bpm REAL, imported_bpm REAL, estimated_bpm REAL, tempo_confidence REAL,
     tag_key TEXT, imported_key TEXT, estimated_key TEXT, key_confidence REAL,
     seconds REAL NOT NULL, music_seconds REAL NOT NULL, loudness REAL,
     valence REAL NOT NULL, arousal REAL NOT NULL, mood TEXT NOT NULL,
     valence_low REAL NOT NULL, valence_high REAL NOT NULL, arousal_low REAL NOT NULL, arousal_high REAL NOT NULL,
     curve BLOB NOT NULL, opening TEXT NOT NULL, ending TEXT NOT NULL, embedding BLOB NOT NULL,
     model TEXT NOT NULL, analyzed_ms INTEGER NOT NULL
   );
   CREATE INDEX tracks_hash ON tracks (hash);
   CREATE TABLE failures (
     path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ms REAL NOT NULL, model TEXT NOT NULL,
     code TEXT NOT NULL, message TEXT NOT NULL
   );
   CREATE TABLE folders (path TEXT PRIMARY KEY);`,
];

/** `PRAGMA application_id` of libraries, "uLib". Those of earlier versions have 0. */
const APPLICATION_ID = 0x754c6962;

interface OpenOptions {
  /** Make the file if there is none. Otherwise that is an error. */
  readonly create?: boolean;
  readonly readOnly?: boolean;
}

/**
 * Opens a library; several programs may use it at the same time.
 *
 * @throws UserError `no-library`, `library-file`, `library-too-new`
 */
export function openLibrary(
  file: string,
  { create = false, readOnly = false }: OpenOptions = {},
): Database.Database {
  if (!create && !existsSync(file)) {
    throw new UserError(
      'no-library',
      `There is no library at ${file}: make one with "undertone library add FOLDER", or name another with --library.`,
    );
  }
  let db: Database.Database | undefined;
  try {
    if (create) mkdirSync(dirname(resolve(file)), { recursive: true });
    db = new Database(file);
    db.exec('PRAGMA busy_timeout = 5000');
    checkOwner(db, file);
    const version = versionOf(db);
    if (version > MIGRATIONS.length) throw tooNew(file, version);
    if (!readOnly || version < MIGRATIONS.length) migrate(db, version);
    if (readOnly) db.exec('PRAGMA query_only = ON');
    return db;
  } catch (cause) {
    db?.close();
    if (cause instanceof UserError) throw cause;
    const reason = codeOf(cause) === 'SQLITE_NOTADB' ? 'it is not a database' : reasonOf(cause);
    throw new UserError(
      'library-file',
      `The library ${file} cannot be opened (${reason}): ${isDiskFull(cause) ? 'free disk space' : 'make it writable'}, or name another file with --library.`,
      { cause },
    );
  }
}

/** Another program's database must stay as it is. Libraries without an application id are recognized by their tables. */
function checkOwner(db: Database.Database, file: string): void {
  if (numberOf(db, 'application_id') === APPLICATION_ID) return;
  const rows = db.prepare('SELECT name FROM sqlite_schema').all() as { name: string }[];
  const names = new Set(rows.map(({ name }) => name));
  const has = (...tables: readonly string[]) => tables.every((name) => names.has(name));
  const isNew = names.size === 0 && versionOf(db) === 0;
  if (isNew || has('tracks', 'failures', 'folders', 'tracks_hash')) return;
  const owner = has('streams', 'runs', 'events') ? "undertone's log" : 'the database of another program';
  throw new UserError(
    'library-file',
    `${file} is ${owner}, not a library, and stays as it is: name another file with --library.`,
  );
}

function migrate(db: Database.Database, from: number): void {
  db.prepare('PRAGMA journal_mode = WAL').get();
  db.exec('PRAGMA synchronous = NORMAL');
  for (let version = from; version < MIGRATIONS.length; version++) {
    transaction(db, () => {
      if (versionOf(db) > version) return; // Another program was first.
      db.exec(MIGRATIONS[version]!);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

const numberOf = <Name extends 'application_id' | 'user_version'>(db: Database.Database, name: Name) =>
  (db.prepare(`PRAGMA ${name}`).get() as Readonly<Record<Name, number>>)[name];

const versionOf = (db: Database.Database) => numberOf(db, 'user_version');

const tooNew = (file: string, version: number) =>
  new UserError(
    'library-too-new',
    `The library ${file} was written by a newer undertone (schema ${version}, this one supports up to ${MIGRATIONS.length}): update undertone, or name another file with --library.`,
  );

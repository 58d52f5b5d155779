import type Database from 'libsql';
import { UserError } from '../user-error.ts';
import { addLaterColumns, lacksColumns } from './frame-row.ts';
import { blocksAndRollups, OLD_BLOCKS } from './migrations/blocks-and-rollups.ts';
import { CLOCK_CHANGES } from './migrations/clock-changes.ts';
import { SESSIONS, STREAMS_RUNS_FRAMES } from './migrations/first-tables.ts';
import { RENAMINGS } from './migrations/renamings.ts';
import { rollupColumns } from './migrations/rollup-columns.ts';
import { SESSION_KEYS } from './migrations/session-keys.ts';
import { SESSION_RECORDS } from './migrations/session-records.ts';
import { TRACKS } from './migrations/tracks.ts';
import { transaction } from './sql.ts';

/** SQL, or a function for changes that SQL cannot make. */
type Migration = string | ((db: Database.Database) => void);

/**
 * The log's schema as a list of steps; `PRAGMA user_version` is the number of steps that a file has taken. A released
 * step is never changed: changes are new steps at the end.
 */
export const MIGRATIONS: readonly Migration[] = [
  STREAMS_RUNS_FRAMES,
  SESSIONS,
  blocksAndRollups,
  OLD_BLOCKS,
  CLOCK_CHANGES,
  rollupColumns,
  TRACKS,
  SESSION_RECORDS,
  SESSION_KEYS,
  RENAMINGS,
];

export function schemaVersion(db: Database.Database): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/**
 * Migrates a log to the newest schema, each step in its own transaction.
 *
 * @throws UserError `log-too-new` for a log of a newer undertone
 */
export function migrate(db: Database.Database, file: string): void {
  const found = schemaVersion(db);
  refuseNewer(found, file);
  for (let version = found; version < MIGRATIONS.length; version++) {
    transaction(db, () => {
      const step = MIGRATIONS[version]!;
      if (typeof step === 'string') db.exec(step);
      else step(db);
      db.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
  addLaterColumns(db);
}

function refuseNewer(found: number, file: string): void {
  if (found <= MIGRATIONS.length) return;
  throw new UserError(
    'log-too-new',
    `The log ${file} was written by a newer undertone (schema ${found}, this one supports up to ${MIGRATIONS.length}): update undertone, or choose another --data-dir.`,
  );
}

/**
 * Checks that a log can be read without migrating it.
 *
 * @throws UserError `log-too-old`, `log-too-new`
 */
export function refuseOlder(db: Database.Database, file: string): void {
  const found = schemaVersion(db);
  refuseNewer(found, file);
  if (found === MIGRATIONS.length && !lacksColumns(db)) return;
  throw new UserError(
    'log-too-old',
    `The log ${file} was written by an older undertone (schema ${found}, this one has ${MIGRATIONS.length}): start "undertone serve" on it once to update it.`,
  );
}

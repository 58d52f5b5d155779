import type Database from 'libsql';
import { UserError } from '../user-error.ts';
import { addLaterColumns, lacksColumns } from './frame-row.ts';
import { blocksAndRollups, OLD_BLOCKS } from './migrations/blocks-and-rollups.ts';
import { SESSIONS, STREAMS_RUNS_FRAMES } from './migrations/first-tables.ts';
import { transaction } from './sql.ts';

/** SQL, or what must be done in a program. */
export type Migration = string | ((db: Database.Database) => void);

/**
 * The log's schema as a list of steps, one file each; `PRAGMA user_version` counts the steps a file has
 * taken. A step that was once released is never edited: changes are new steps at the end.
 */
export const MIGRATIONS: readonly Migration[] = [STREAMS_RUNS_FRAMES, SESSIONS, blocksAndRollups, OLD_BLOCKS];

export function schemaVersion(db: Database.Database): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/**
 * Brings a log file to the newest schema, each step in a transaction of its own; refuses one that a newer
 * undertone has written. True where there was anything to do.
 */
export function migrate(db: Database.Database, file: string): boolean {
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
  return found < MIGRATIONS.length;
}

export function refuseNewer(found: number, file: string): void {
  if (found <= MIGRATIONS.length) return;
  throw new UserError(
    'log-too-new',
    `The log ${file} was written by a newer undertone (schema ${found}, this one knows up to ${MIGRATIONS.length}): update undertone, or choose another --data-dir.`,
  );
}

/** For those who only look: what an older undertone wrote lacks tables that they look into. */
export function refuseOlder(db: Database.Database, file: string): void {
  const found = schemaVersion(db);
  refuseNewer(found, file);
  if (found === MIGRATIONS.length && !lacksColumns(db)) return;
  throw new UserError(
    'log-too-old',
    `The log ${file} was written by an older undertone (schema ${found}, this one has ${MIGRATIONS.length}): start "undertone serve" on it once, which brings it up to date.`,
  );
}

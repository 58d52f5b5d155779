import type Database from 'libsql';

/** Runs `work` as one transaction: all of it is committed, or it throws and nothing has changed. */
export function transaction<T>(db: Database.Database, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE');
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has rolled back already, and libsql's own `transaction` trips over that.
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Writes tables anew and gives the old pages back, within the caller's transaction. A deleted row leaves no
 * bytes in its own place (`secure_delete`), but pages that were split earlier may hold copies of it in their
 * unused parts; a page that is given back is overwritten as a whole. The tables of sessions are small: this
 * takes milliseconds where a VACUUM of a year's log takes minutes.
 */
export function rewriteTables(db: Database.Database, tables: readonly string[]): void {
  for (const table of tables) {
    const parts = db
      .prepare(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'index'",
      )
      .all(table) as { type: string; sql: string }[];
    const [create, ...indexes] = parts.map(({ sql }) => sql);
    db.exec(`ALTER TABLE ${table} RENAME TO ${table}_old`);
    db.exec(create!);
    db.exec(`INSERT INTO ${table} SELECT * FROM ${table}_old`);
    db.exec(`DROP TABLE ${table}_old`);
    for (const index of indexes) db.exec(index);
  }
}

export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export const ALL_TIME: TimeRange = { fromMs: -8.64e15, toMs: 8.64e15 };

/** Lets everything that waits have its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

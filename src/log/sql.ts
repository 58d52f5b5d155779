import type Database from 'libsql';

/** Helpers for SQLite, whose statements run synchronously on the event loop's thread. */

/** Runs `work` as one transaction. If it throws, nothing has changed. */
export function transaction<T>(db: Database.Database, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE');
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // On a full disk SQLite has rolled back already; libsql's own `transaction` fails in that case.
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Lets other work on the event loop run: to be awaited between two slices of a long task. */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The bytes of a BLOB: libsql gives a Buffer for a single row and an ArrayBuffer for many. */
export const blobBytes = (blob: Buffer | ArrayBuffer): Buffer =>
  blob instanceof ArrayBuffer ? Buffer.from(blob) : blob;

/**
 * Writes tables again into new pages and frees the old ones, within the caller's transaction. `secure_delete`
 * overwrites a deleted row in place, but pages that were split earlier may have copies of it in their unused parts;
 * a freed page is overwritten as a whole. For small tables this takes milliseconds, where a VACUUM of a year's
 * log takes minutes.
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

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

import type Database from 'libsql';
import { SUM_FIELDS } from '../rollup/sums.ts';

/** Adds the columns of rollup/sums.ts that a log lacks: those of mood words that it was written without. */
export function rollupColumns(db: Database.Database): void {
  for (const table of ['rollups', 'open_rollups']) {
    const columns = db.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[];
    const existing = new Set(columns.map(({ name }) => name));
    for (const field of SUM_FIELDS)
      if (!existing.has(field)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${field} REAL NOT NULL DEFAULT 0`);
  }
}

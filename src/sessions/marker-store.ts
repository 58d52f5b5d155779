import type Database from 'libsql';

export interface MarkerRow {
  readonly id: number;
  readonly session: number;
  readonly timeMs: number;
  /** The same moment in the stream's own time: run and seconds of audio; null where nothing was heard. */
  readonly run: number | null;
  readonly t: number | null;
  readonly note: string;
}

const COLUMNS = 'id, session, time_ms AS timeMs, run, t, note';

/** The table of markers. */
export class MarkerStore {
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      list: db.prepare(`SELECT ${COLUMNS} FROM markers WHERE session = ? ORDER BY time_ms, id`),
      get: db.prepare(`SELECT ${COLUMNS} FROM markers WHERE session = ? AND id = ?`),
      insert: db.prepare('INSERT INTO markers (session, time_ms, run, t, note) VALUES (?, ?, ?, ?, ?)'),
      change: db.prepare('UPDATE markers SET time_ms = ?, run = ?, t = ?, note = ? WHERE id = ?'),
      erase: db.prepare('DELETE FROM markers WHERE id = ?'),
      eraseAll: db.prepare('DELETE FROM markers WHERE session = ?'),
    };
  }

  /** In the order of their times. */
  list(session: number): MarkerRow[] {
    return this.#sql.list.all(session) as MarkerRow[];
  }

  get(session: number, id: number): MarkerRow | undefined {
    return this.#sql.get.get(session, id) as MarkerRow | undefined;
  }

  insert({ session, timeMs, run, t, note }: Omit<MarkerRow, 'id'>): MarkerRow {
    const { lastInsertRowid } = this.#sql.insert.run(session, timeMs, run, t, note);
    return { id: Number(lastInsertRowid), session, timeMs, run, t, note };
  }

  change({ id, timeMs, run, t, note }: MarkerRow): void {
    this.#sql.change.run(timeMs, run, t, note, id);
  }

  erase(id: number): void {
    this.#sql.erase.run(id);
  }

  eraseAll(session: number): void {
    this.#sql.eraseAll.run(session);
  }
}

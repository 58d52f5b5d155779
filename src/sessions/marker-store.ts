import type Database from 'libsql';
import type { Marker } from './schema.ts';

/** A row of the table `markers`. */
export interface MarkerRow {
  readonly id: number;
  readonly session: number;
  readonly timeMs: number;
  /** The same moment in the stream's own time: run and seconds of audio; null if the stream received no audio then. */
  readonly run: number | null;
  readonly t: number | null;
  readonly note: string;
}

const COLUMNS = 'id, session, time_ms AS timeMs, run, t, note';

/** Reads and writes the table `markers`. */
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

  /** Ordered by time. */
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

/** A marker as the API returns it; `startedMs` is the start of its session. */
export function toMarker({ id, timeMs, run, t, note }: MarkerRow, startedMs: number): Marker {
  return { id, time: new Date(timeMs).toISOString(), at: (timeMs - startedMs) / 1000, run, t, note };
}

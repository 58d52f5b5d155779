import type Database from 'libsql';
import type { ClockLine, Moment } from '../log/clock/clock-line.ts';
import { UserError } from '../user-error.ts';
import type { Marker } from './schema.ts';
import type { Place, SessionRow } from './session-store.ts';

/** A row of the table `markers`. */
export interface MarkerRow {
  readonly id: number;
  readonly session: number;
  readonly timeMs: number;
  /** Newest change of the clock before it. */
  readonly clock: number;
  /** The same moment in the stream's own time: run and seconds of audio; null if the stream received no audio then. */
  readonly run: number | null;
  readonly t: number | null;
  readonly note: string;
}

const COLUMNS = 'id, session, time_ms AS timeMs, clock, run, t, note';

/** Reads and writes the table `markers`. */
export class MarkerStore {
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      list: db.prepare(`SELECT ${COLUMNS} FROM markers WHERE session = ? ORDER BY clock, time_ms, id`),
      get: db.prepare(`SELECT ${COLUMNS} FROM markers WHERE session = ? AND id = ?`),
      insert: db.prepare(
        'INSERT INTO markers (session, time_ms, clock, run, t, note) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      change: db.prepare('UPDATE markers SET time_ms = ?, clock = ?, run = ?, t = ?, note = ? WHERE id = ?'),
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

  /**
   * @param id as a request has it
   * @throws UserError `unknown-marker`
   */
  find({ id: session, code }: Pick<SessionRow, 'id' | 'code'>, id: string): MarkerRow {
    const marker = /^\d{1,15}$/.test(id) ? this.get(session, Number(id)) : undefined;
    if (marker) return marker;
    throw new UserError('unknown-marker', `The session ${code} has no marker ${id.slice(0, 20)}.`);
  }

  insert({ session, timeMs, clock, run, t, note }: Omit<MarkerRow, 'id'>): MarkerRow {
    const { lastInsertRowid } = this.#sql.insert.run(session, timeMs, clock, run, t, note);
    return { id: Number(lastInsertRowid), session, timeMs, clock, run, t, note };
  }

  change({ id, timeMs, clock, run, t, note }: MarkerRow): void {
    this.#sql.change.run(timeMs, clock, run, t, note, id);
  }

  erase(id: number): void {
    this.#sql.erase.run(id);
  }

  eraseAll(session: number): void {
    this.#sql.eraseAll.run(session);
  }
}

/** A marker as the API returns it; `start`: of its session. */
export function toMarker(
  { id, timeMs, clock, run, t, note }: MarkerRow,
  start: Moment,
  line: ClockLine,
): Marker {
  const at = (line.lineMs({ ms: timeMs, clock }) - line.lineMs(start)) / 1000;
  return { id, time: new Date(timeMs).toISOString(), at, run, t, note };
}

export const placeOfMarker = ({ timeMs: ms, clock, run, t }: MarkerRow): Place => ({
  ms,
  clock,
  at: run === null || t === null ? undefined : { run, t },
});

/** The columns of a marker at that place. */
export const movedTo = ({ ms, clock, at }: Place) => ({
  timeMs: ms,
  clock,
  run: at?.run ?? null,
  t: at?.t ?? null,
});

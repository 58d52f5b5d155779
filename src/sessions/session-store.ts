import type Database from 'libsql';
import type { ClockLine, Moment } from '../log/clock/clock-line.ts';
import type { TargetPoint } from '../target-path.ts';
import { UserError } from '../user-error.ts';
import { InvalidField, type Session } from './schema.ts';
import type { StreamMoment } from './stream-moment.ts';

/** A row of the table `sessions`; times in ms since 1970. */
export interface SessionRow {
  readonly id: number;
  readonly code: string;
  readonly stream: string;
  readonly title: string | null;
  readonly notes: string;
  /** JSON: a list of strings. */
  readonly tags: string;
  readonly recordNumber: string | null;
  /** JSON: a list of points; null without a target. */
  readonly target: string | null;
  readonly signedMs: number | null;
  readonly signedBy: string | null;
  readonly startedMs: number;
  readonly stoppedMs: number | null;
  /** Newest change of the clock before the start, and before the end. */
  readonly startedClock: number;
  readonly stoppedClock: number;
  /** Start and end in the stream's own time: run and seconds of audio; null if it received no audio then. */
  readonly startRun: number | null;
  readonly startT: number | null;
  readonly stopRun: number | null;
  readonly stopT: number | null;
  /** Number of markers. */
  readonly markers: number;
}

/** A moment by the clock and in the stream's own time. */
export interface Place extends Moment {
  readonly at: StreamMoment | undefined;
}

/** What its owner writes about a session. */
type Description = Pick<SessionRow, 'title' | 'notes' | 'tags' | 'recordNumber' | 'target'>;

interface NewSession extends Description, Pick<SessionRow, 'code' | 'stream'> {
  /** Of the client; no other session has it. */
  readonly key: string | null;
  readonly start: Place;
  readonly stop: Place | undefined;
}

/** A position in the list of sessions, which is ordered by start, then id. */
export interface Position {
  readonly startedMs: number;
  readonly id: number;
}

interface SessionFilter {
  readonly stream?: string | undefined;
  readonly tag?: string | undefined;
  /** A text that the session contains. */
  readonly q?: string | undefined;
  readonly state?: 'open' | 'stopped' | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only sessions after this position in the list. */
  readonly after?: Position | undefined;
}

const COLUMNS = `sessions.id AS id, code, stream, title, notes, tags, record_number AS recordNumber, target,
  signed_ms AS signedMs, signed_by AS signedBy, started_ms AS startedMs, stopped_ms AS stoppedMs,
  started_clock AS startedClock, stopped_clock AS stoppedClock,
  start_run AS startRun, start_t AS startT, stop_run AS stopRun, stop_t AS stopT,
  (SELECT count(*) FROM markers WHERE session = sessions.id) AS markers`;

/** Reads and writes the table `sessions`. The rules are in sessions.ts. */
export class SessionStore {
  readonly #db: Database.Database;
  readonly #sql;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#sql = {
      byCode: db.prepare(`SELECT ${COLUMNS} FROM sessions WHERE code = ?`),
      byKey: db.prepare(`SELECT ${COLUMNS} FROM sessions WHERE start_key = ?`),
      insert: db.prepare(
        `INSERT INTO sessions (code, stream, start_key, title, notes, tags, record_number, target,
           started_ms, started_clock, start_run, start_t)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      describe: db.prepare(
        'UPDATE sessions SET title = ?, notes = ?, tags = ?, record_number = ?, target = ? WHERE id = ?',
      ),
      sign: db.prepare('UPDATE sessions SET signed_ms = ?, signed_by = ? WHERE id = ?'),
      stop: db.prepare(
        `UPDATE sessions SET stopped_ms = ?, stopped_clock = ?, stop_run = ?, stop_t = ?
         WHERE code = ? AND stopped_ms IS NULL`,
      ),
      erase: db.prepare('DELETE FROM sessions WHERE id = ?'),
      ofStream: db.prepare(`SELECT ${COLUMNS} FROM sessions WHERE stream = ? ORDER BY started_ms`),
    };
  }

  get(code: string): SessionRow | undefined {
    return this.#sql.byCode.get(code) as SessionRow | undefined;
  }

  /** The session that was started with a key of a client. */
  withKey(key: string): SessionRow | undefined {
    return this.#sql.byKey.get(key) as SessionRow | undefined;
  }

  /** @throws UserError `unknown-session` */
  find(code: string): SessionRow {
    const row = this.get(code);
    if (row) return row;
    throw new UserError(
      'unknown-session',
      `There is no session "${code.slice(0, 64)}": check its code, or whether it was erased.`,
    );
  }

  /**
   * A session that can be changed.
   *
   * @throws UserError `unknown-session`, `locked`
   */
  findUnlocked(code: string): SessionRow {
    const row = this.find(code);
    if (row.signedMs === null) return row;
    throw new UserError(
      'locked',
      `The session ${row.code} was signed by ${row.signedBy} and is locked: add an addendum instead of changing it.`,
    );
  }

  insert({ code, stream, key, start, stop, ...description }: NewSession): void {
    const { title, notes, tags, recordNumber, target } = description;
    this.#sql.insert.run(code, stream, key, title, notes, tags, recordNumber, target, ...columnsOf(start));
    if (stop) this.stop(code, stop);
  }

  describe(id: number, { title, notes, tags, recordNumber, target }: Description): void {
    this.#sql.describe.run(title, notes, tags, recordNumber, target, id);
  }

  sign(id: number, name: string, timeMs: number): void {
    this.#sql.sign.run(timeMs, name, id);
  }

  /** A session that has stopped already is not changed. */
  stop(code: string, stop: Place): void {
    this.#sql.stop.run(...columnsOf(stop), code);
  }

  erase(id: number): void {
    this.#sql.erase.run(id);
  }

  /** Newest first. */
  list(filter: SessionFilter, limit: number): SessionRow[] {
    const where: string[] = ['1'];
    const values: (string | number)[] = [];
    const add = (condition: string, ...given: (string | number)[]) => {
      where.push(condition);
      values.push(...given);
    };
    if (filter.stream !== undefined) add('stream = ?', filter.stream);
    if (filter.tag !== undefined)
      add('EXISTS (SELECT 1 FROM json_each(sessions.tags) WHERE value = ?)', filter.tag);
    if (filter.q)
      add(
        `(code || ' ' || coalesce(title, '') || ' ' || tags || ' ' || notes || ' ' || coalesce(record_number, ''))
        LIKE ? ESCAPE '\\'`,
        `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`,
      );
    if (filter.state !== undefined) add(`stopped_ms IS ${filter.state === 'open' ? '' : 'NOT '}NULL`);
    if (filter.fromMs !== undefined) add('(stopped_ms IS NULL OR stopped_ms >= ?)', filter.fromMs);
    if (filter.toMs !== undefined) add('started_ms < ?', filter.toMs);
    if (filter.after) add('(started_ms, sessions.id) < (?, ?)', filter.after.startedMs, filter.after.id);
    return this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM sessions WHERE ${where.join(' AND ')} ORDER BY started_ms DESC, sessions.id DESC LIMIT ?`,
      )
      .all(...values, limit) as SessionRow[];
  }

  ofStream(stream: string): SessionRow[] {
    return this.#sql.ofStream.all(stream) as SessionRow[];
  }
}

/** A position in the list of sessions, as the opaque `cursor` of the API. */
export const encodeCursor = ({ startedMs, id }: Position): string =>
  Buffer.from(`${startedMs}.${id}`).toString('base64url');

/** @throws InvalidField */
export function decodeCursor(text: string): Position {
  const match = /^(-?\d{1,16})\.(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match) return { startedMs: Number(match[1]), id: Number(match[2]) };
  throw new InvalidField({ path: 'cursor', expected: '`next` of an earlier answer', got: text });
}

const columnsOf = ({ ms, clock, at }: Place) => [ms, clock, at?.run ?? null, at?.t ?? null] as const;

export const startOf = ({ startedMs, startedClock }: SessionRow): Moment => ({
  ms: startedMs,
  clock: startedClock,
});

/** The end of a session; undefined while it is open. */
export const stopOf = ({ stoppedMs, stoppedClock }: SessionRow): Moment | undefined =>
  stoppedMs === null ? undefined : { ms: stoppedMs, clock: stoppedClock };

/** A session as the API returns it. An open session ends at `now` for now. */
export function toSession(row: SessionRow, now: Moment, line: ClockLine): Session {
  const [start, stop] = [startOf(row), stopOf(row) ?? now];
  return {
    id: row.code,
    stream: row.stream,
    title: row.title,
    tags: JSON.parse(row.tags) as string[],
    notes: row.notes,
    recordNumber: row.recordNumber,
    target: row.target === null ? null : (JSON.parse(row.target) as TargetPoint[]),
    signed:
      row.signedMs === null ? null : { name: row.signedBy!, time: new Date(row.signedMs).toISOString() },
    state: row.stoppedMs === null ? 'open' : 'stopped',
    startedAt: new Date(row.startedMs).toISOString(),
    stoppedAt: row.stoppedMs === null ? null : new Date(row.stoppedMs).toISOString(),
    seconds: Math.max(0, line.lineMs(stop) - line.lineMs(start)) / 1000,
    start: streamTime(row.startRun, row.startT),
    stop: streamTime(row.stopRun, row.stopT),
    clockChanges: line.changesBetween(start, stop).map((change) => ({
      at: (line.lineMs({ ms: change.timeMs, clock: change.id }) - line.lineMs(start)) / 1000,
      seconds: change.seconds,
    })),
    markers: row.markers,
  };
}

const streamTime = (run: number | null, t: number | null): StreamMoment | null =>
  run === null || t === null ? null : { run, t };

export const framesKept = (codes: readonly string[]): UserError =>
  new UserError(
    'frames-kept',
    `The frames of this session are also part of ${codes.join(', ')}: erase those first, or keep the frames.`,
  );

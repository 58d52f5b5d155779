import type Database from 'libsql';
import { InvalidField, type Session } from './schema.ts';

/** A row of the table `sessions`; times in ms since 1970. */
export interface SessionRow {
  readonly id: number;
  readonly code: string;
  readonly stream: string;
  readonly title: string | null;
  readonly notes: string;
  /** JSON: a list of strings. */
  readonly tags: string;
  readonly startedMs: number;
  readonly stoppedMs: number | null;
  /** Number of markers. */
  readonly markers: number;
}

type NewSessionRow = Omit<SessionRow, 'id' | 'markers'>;

/** A position in the list of sessions, which is ordered by start, then id. */
export interface Position {
  readonly startedMs: number;
  readonly id: number;
}

interface SessionFilter {
  readonly stream?: string | undefined;
  readonly tag?: string | undefined;
  readonly state?: 'open' | 'stopped' | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only sessions after this position in the list. */
  readonly after?: Position | undefined;
}

const COLUMNS = `sessions.id AS id, code, stream, title, notes, tags, started_ms AS startedMs, stopped_ms AS stoppedMs,
  (SELECT count(*) FROM markers WHERE session = sessions.id) AS markers`;

/** Reads and writes the table `sessions`. The rules are in sessions.ts. */
export class SessionStore {
  readonly #db: Database.Database;
  readonly #sql;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#sql = {
      byCode: db.prepare(`SELECT ${COLUMNS} FROM sessions WHERE code = ?`),
      insert: db.prepare(
        'INSERT INTO sessions (code, stream, title, notes, tags, started_ms, stopped_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ),
      describe: db.prepare('UPDATE sessions SET title = ?, notes = ?, tags = ? WHERE id = ?'),
      stop: db.prepare('UPDATE sessions SET stopped_ms = ? WHERE id = ? AND stopped_ms IS NULL'),
      erase: db.prepare('DELETE FROM sessions WHERE id = ?'),
      ranges: db.prepare(
        'SELECT code, started_ms AS fromMs, stopped_ms AS toMs FROM sessions WHERE stream = ? ORDER BY started_ms',
      ),
    };
  }

  get(code: string): SessionRow | undefined {
    return this.#sql.byCode.get(code) as SessionRow | undefined;
  }

  insert({ code, stream, title, notes, tags, startedMs, stoppedMs }: NewSessionRow): void {
    this.#sql.insert.run(code, stream, title, notes, tags, startedMs, stoppedMs);
  }

  describe({ id, title, notes, tags }: Pick<SessionRow, 'id' | 'title' | 'notes' | 'tags'>): void {
    this.#sql.describe.run(title, notes, tags, id);
  }

  stop(id: number, stoppedMs: number): void {
    this.#sql.stop.run(stoppedMs, id);
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

  /** The time spans of a stream's sessions; `toMs` is null for an open one. */
  ranges(stream: string): { code: string; fromMs: number; toMs: number | null }[] {
    return this.#sql.ranges.all(stream) as { code: string; fromMs: number; toMs: number | null }[];
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

/** A session as the API returns it. An open session ends at `nowMs` for now. */
export function toSession(row: SessionRow, nowMs: number): Session {
  return {
    id: row.code,
    stream: row.stream,
    title: row.title,
    tags: JSON.parse(row.tags) as string[],
    notes: row.notes,
    state: row.stoppedMs === null ? 'open' : 'stopped',
    startedAt: new Date(row.startedMs).toISOString(),
    stoppedAt: row.stoppedMs === null ? null : new Date(row.stoppedMs).toISOString(),
    seconds: Math.max(0, (row.stoppedMs ?? nowMs) - row.startedMs) / 1000,
    markers: row.markers,
  };
}

import type Database from 'libsql';
import { UserError } from '../user-error.ts';
import type { Addendum, NoteVersion } from './record-schema.ts';

/** Most earlier versions of the notes of one session and its markers, and most addenda. */
const MAX_VERSIONS = 10_000;
const MAX_ADDENDA = 1_000;

/** A note that is about to change. `marker`: null for the notes of the session itself. */
interface NoteChange {
  readonly session: number;
  readonly marker: number | null;
  readonly before: string;
  readonly after: string;
}

/** Reads and writes the tables `note_versions` and `addenda`. */
export class NoteStore {
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      keep: db.prepare('INSERT INTO note_versions (session, marker, replaced_ms, text) VALUES (?, ?, ?, ?)'),
      versions: db.prepare(
        'SELECT marker, replaced_ms AS ms, text FROM note_versions WHERE session = ? ORDER BY id DESC',
      ),
      countVersions: db.prepare('SELECT count(*) AS n FROM note_versions WHERE session = ?'),
      eraseOfMarker: db.prepare('DELETE FROM note_versions WHERE session = ? AND marker = ?'),
      eraseVersions: db.prepare('DELETE FROM note_versions WHERE session = ?'),
      add: db.prepare('INSERT INTO addenda (session, time_ms, name, text) VALUES (?, ?, ?, ?)'),
      addenda: db.prepare('SELECT id, time_ms AS ms, name, text FROM addenda WHERE session = ? ORDER BY id'),
      countAddenda: db.prepare('SELECT count(*) AS n FROM addenda WHERE session = ?'),
      eraseAddenda: db.prepare('DELETE FROM addenda WHERE session = ?'),
    };
  }

  /**
   * Keeps what a note was, if it was anything and changes.
   *
   * @throws UserError `too-many-versions`
   */
  keep({ session, marker, before, after }: NoteChange, nowMs: number): void {
    if (before === '' || before === after) return;
    if (this.#count(this.#sql.countVersions, session) >= MAX_VERSIONS)
      throw new UserError(
        'too-many-versions',
        `The notes of this session have changed ${MAX_VERSIONS} times, and each earlier version is kept: write further notes into another session.`,
      );
    this.#sql.keep.run(session, marker, nowMs, before);
  }

  /** Newest first. */
  versions(session: number): NoteVersion[] {
    const rows = this.#sql.versions.all(session) as { marker: number | null; ms: number; text: string }[];
    return rows.map(({ marker, ms, text }) => ({ marker, replacedAt: new Date(ms).toISOString(), text }));
  }

  eraseOfMarker(session: number, marker: number): void {
    this.#sql.eraseOfMarker.run(session, marker);
  }

  /** @throws UserError `too-many-addenda` */
  addAddendum(session: number, { name, text }: Pick<Addendum, 'name' | 'text'>, nowMs: number): Addendum {
    if (this.#count(this.#sql.countAddenda, session) >= MAX_ADDENDA)
      throw new UserError('too-many-addenda', `A session can have ${MAX_ADDENDA} addenda.`);
    const { lastInsertRowid } = this.#sql.add.run(session, nowMs, name, text);
    return { id: Number(lastInsertRowid), time: new Date(nowMs).toISOString(), name, text };
  }

  /** Oldest first. */
  addenda(session: number): Addendum[] {
    const rows = this.#sql.addenda.all(session) as { id: number; ms: number; name: string; text: string }[];
    return rows.map(({ ms, ...row }) => ({ ...row, time: new Date(ms).toISOString() }));
  }

  eraseAll(session: number): void {
    this.#sql.eraseVersions.run(session);
    this.#sql.eraseAddenda.run(session);
  }

  #count(sql: Database.Statement, session: number): number {
    return (sql.get(session) as { n: number }).n;
  }
}

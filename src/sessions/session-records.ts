import type { Log } from '../log/log.ts';
import { UserError } from '../user-error.ts';
import type { NoteStore } from './note-store.ts';
import type { Addendum, NoteVersion } from './record-schema.ts';
import type { Session } from './schema.ts';
import type { SessionRow, SessionStore } from './session-store.ts';

interface SessionRecordsOptions {
  readonly log: Pick<Log, 'change'>;
  readonly store: SessionStore;
  readonly notes: NoteStore;
  readonly nowMs: () => number;
  /** Publishes the change; returns the session. */
  readonly onChange: (row: SessionRow) => Session;
}

/**
 * Sessions as records: a signature locks one, addenda follow it, and earlier versions of notes are kept. All methods
 * throw a UserError `unknown-session` if a session does not exist.
 */
export class SessionRecords {
  readonly #options: SessionRecordsOptions;

  constructor(options: SessionRecordsOptions) {
    this.#options = options;
  }

  /**
   * Signs a session that is over. From then on it is locked: only addenda can be added.
   *
   * @throws UserError `session-open`, `locked`
   */
  sign(code: string, name: string): Session {
    const { log, store, nowMs, onChange } = this.#options;
    const row = log.change(() => {
      const { id, stoppedMs } = store.findUnlocked(code);
      if (stoppedMs === null)
        throw new UserError('session-open', `The session ${code} is still open: stop it, then sign it.`);
      store.sign(id, name, nowMs());
      return store.find(code);
    });
    return onChange(row);
  }

  addenda(code: string): Addendum[] {
    return this.#options.notes.addenda(this.#options.store.find(code).id);
  }

  /** @throws UserError `not-signed`, `too-many-addenda` */
  addAddendum(code: string, addendum: Pick<Addendum, 'name' | 'text'>): Addendum {
    const { log, store, notes, nowMs, onChange } = this.#options;
    const row = store.find(code);
    if (row.signedMs === null)
      throw new UserError('not-signed', `The session ${code} is not signed: change its notes instead.`);
    const added = log.change(() => notes.addAddendum(row.id, addendum, nowMs()));
    onChange(row);
    return added;
  }

  /** Earlier versions of the notes of a session and of its markers, newest first. */
  versions(code: string): NoteVersion[] {
    return this.#options.notes.versions(this.#options.store.find(code).id);
  }
}

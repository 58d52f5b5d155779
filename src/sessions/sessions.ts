import { rewriteTables } from '../log/sql.ts';
import type { TimeRange } from '../log/time-range.ts';
import type { TargetPoint } from '../target-path.ts';
import type { SessionNotice } from '../types.ts';
import { UserError } from '../user-error.ts';
import { checkNewSession, type NewSessionChecks } from './check-new-session.ts';
import { type MarkerRow, MarkerStore, movedTo, placeOfMarker, toMarker } from './marker-store.ts';
import { NoteStore } from './note-store.ts';
import type {
  CheckedMarkerChange,
  CheckedNewMarker,
  CheckedNewSession,
  CheckedSessionChange,
  CheckedSessionQuery,
  CheckedSessionStop,
  Marker,
  Session,
  SessionList,
} from './schema.ts';
import { newCode } from './session-code.ts';
import { SessionRecords } from './session-records.ts';
import {
  decodeCursor,
  encodeCursor,
  framesKept,
  type SessionRow,
  SessionStore,
  startOf,
  toSession,
} from './session-store.ts';
import { type SessionSpan, SessionTimes } from './session-times.ts';

interface SessionsOptions extends NewSessionChecks {
  /** Maximum number of markers of one session. */
  readonly maxMarkers: number;
  /** Whether erasing a session also erases the frames of its time span, if the request does not specify it. */
  readonly eraseFrames?: boolean | undefined;
  readonly onChange?: (notice: SessionNotice) => void;
  readonly now?: () => number;
  /** Notices a change of the clock up to now; called before the time counts. */
  readonly checkClock?: () => void;
}

/**
 * Sessions: named spans of streams. A session refers to its stream by name only, so it continues over new runs of the
 * stream and over restarts of the server. Its moments are clock times together with the changes of the clock before
 * them, so its length and frames do not depend on how the clock is set (log/clock/clock-line.ts).
 *
 * All methods throw a UserError `unknown-session` or `unknown-marker` if a session or marker does not exist, and
 * `log-failed` if the log cannot be written.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #store: SessionStore;
  readonly #markers: MarkerStore;
  readonly #notes: NoteStore;
  /** Signatures, addenda, and earlier versions of notes. */
  readonly records: SessionRecords;
  readonly #times: SessionTimes;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#times = new SessionTimes(options);
    const { db } = options.log;
    options.log.setKeptRanges((stream) => this.keptRanges(stream));
    db.exec('PRAGMA secure_delete = ON');
    this.#store = new SessionStore(db);
    this.#markers = new MarkerStore(db);
    this.#notes = new NoteStore(db);
    this.records = new SessionRecords({
      log: options.log,
      store: this.#store,
      notes: this.#notes,
      nowMs: () => this.#nowMs(),
      onChange: (row) => this.#notify(row, 'changed'),
    });
  }

  /**
   * Starts a session on a stream that runs or is in the log; one that was started with the same key is returned instead.
   *
   * @throws UserError `unknown-stream`, `stream-removed`, `bad-request`, `before-log`
   */
  async start(wanted: CheckedNewSession): Promise<Session> {
    const { log } = this.#options;
    const { key = null } = wanted;
    const known = key === null ? undefined : this.#store.withKey(key);
    if (known) return this.#toSession(known);
    const now = this.#times.now();
    const { stream, title = null, tags = [], notes = '', recordNumber = null, target = null } = wanted;
    const startAt = this.#times.momentOf(wanted.startedAt, now);
    const stopAt = wanted.stoppedAt === undefined ? undefined : this.#times.momentOf(wanted.stoppedAt, now);
    checkNewSession(this.#options, { stream, start: startAt, stop: stopAt }, now);
    const start = await this.#times.placeOf(stream, startAt);
    const stop = stopAt && (await this.#times.placeOf(stream, stopAt));
    const row = log.change(() => {
      // The same start may have been stored while the log was read.
      if (key !== null && this.#store.withKey(key)) return undefined;
      for (;;) {
        const code = newCode();
        if (this.#store.get(code)) continue;
        const written = { title, notes, tags: JSON.stringify(tags), recordNumber, target: jsonOf(target) };
        this.#store.insert({ code, stream, key, ...written, start, stop });
        return this.#store.find(code);
      }
    });
    return row ? this.#notify(row, 'started') : this.#toSession(this.#store.withKey(key!)!);
  }

  list({ limit, cursor, from, to, ...filter }: CheckedSessionQuery): SessionList {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = this.#store.list({ ...filter, fromMs: from, toMs: to, after }, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const now = this.#times.now();
    return {
      sessions: page.map((row) => toSession(row, now, this.#options.log.clock)),
      next: rows.length > limit && last ? encodeCursor(last) : null,
    };
  }

  get(code: string): Session {
    return this.#toSession(this.#store.find(code));
  }

  /**
   * Changes title, tags, notes, record number or target.
   *
   * @throws UserError `locked`, `too-many-versions`
   */
  describe(code: string, { title, tags, notes, recordNumber, target }: CheckedSessionChange): Session {
    const row = this.#options.log.change(() => {
      const before = this.#store.findUnlocked(code);
      const after = notes ?? before.notes;
      this.#notes.keep({ session: before.id, marker: null, before: before.notes, after }, this.#nowMs());
      this.#store.describe(before.id, {
        title: title === undefined ? before.title : title,
        notes: after,
        tags: tags ? JSON.stringify(tags) : before.tags,
        recordNumber: recordNumber === undefined ? before.recordNumber : recordNumber,
        target: target === undefined ? before.target : jsonOf(target),
      });
      return this.#store.find(code);
    });
    return this.#notify(row, 'changed');
  }

  /**
   * Stops a session, now by default; one that has stopped already is returned unchanged.
   *
   * @throws UserError `bad-request` for a time outside the session
   */
  async stop(code: string, { stoppedAt }: CheckedSessionStop = {}): Promise<Session> {
    const before = this.#store.find(code);
    if (before.stoppedMs !== null) return this.#toSession(before);
    const stop = await this.#times.stopPlace(before, stoppedAt);
    const row = this.#options.log.change(() => {
      const marker = stoppedAt === undefined ? undefined : this.#markers.list(before.id).at(-1);
      // A marker that was set after that moment shows that the session lasted longer.
      this.#store.stop(code, marker ? this.#times.later(stop, placeOfMarker(marker)) : stop);
      return this.#store.find(code);
    });
    return this.#notify(row, 'stopped');
  }

  /** The stream and time span of a session; an open session lasts until now. */
  span(code: string): SessionSpan {
    return this.#times.span(this.#store.find(code));
  }

  /** Time spans of a stream that retention must not drop. An open session has no end. */
  keptRanges(stream: string): TimeRange[] {
    return this.#store.ofStream(stream).flatMap((row) => this.#times.shown(row));
  }

  /**
   * Erases a session with its markers and all versions of its notes, signed or not, so that no file contains their bytes
   * any more. With `frames` it also erases the frames, events and rollups of its time span.
   *
   * @throws UserError `frames-kept` if another session has some of these frames; `log-busy` if another program
   *   keeps the write-ahead log from being emptied
   */
  async erase(code: string, frames = this.#options.eraseFrames ?? false): Promise<void> {
    const { log } = this.#options;
    const row = this.#store.find(code);
    if (frames) {
      const others = this.#store
        .ofStream(row.stream)
        .filter((other) => other.code !== code && this.#times.overlap(row, other));
      if (others.length > 0) throw framesKept(others.map((one) => one.code));
      // Frames first: if it fails, the session is still there to try again.
      for (const part of this.span(code).parts) await log.erase(row.stream, part);
    }
    log.change((db) => {
      this.#markers.eraseAll(row.id);
      this.#store.erase(row.id);
      this.#notes.eraseAll(row.id);
      rewriteTables(db, ['markers', 'sessions', 'note_versions', 'addenda']);
    });
    await log.scrub();
    this.#notify(row, 'erased');
  }

  markers(code: string): Marker[] {
    const row = this.#store.find(code);
    return this.#markers.list(row.id).map((marker) => this.#toMarker(marker, row));
  }

  marker(code: string, id: string): Marker {
    const row = this.#store.find(code);
    return this.#toMarker(this.#markers.find(row, id), row);
  }

  /**
   * Adds a marker, now by default.
   *
   * @throws UserError `too-many-markers`, `locked`; `bad-request` for a time outside the session
   */
  async addMarker(code: string, { time, note = '' }: CheckedNewMarker): Promise<Marker> {
    const row = this.#store.findUnlocked(code);
    const { maxMarkers, log } = this.#options;
    if (row.markers >= maxMarkers)
      throw new UserError(
        'too-many-markers',
        `A session can have ${maxMarkers} markers: erase some of them first.`,
      );
    const { ms: timeMs, clock, at } = await this.#times.placeWithin(row, time);
    const marker = log.change(() => {
      // Throws if the session was erased or signed while the log was read.
      const { id: session } = this.#store.findUnlocked(code);
      return this.#markers.insert({ session, timeMs, clock, run: at?.run ?? null, t: at?.t ?? null, note });
    });
    this.#notify(row, 'changed', marker.id);
    return this.#toMarker(marker, row);
  }

  /** @throws UserError `locked`, `too-many-versions`; `bad-request` for a time outside the session */
  async changeMarker(code: string, id: string, { time, note }: CheckedMarkerChange): Promise<Marker> {
    const row = this.#store.findUnlocked(code);
    this.#markers.find(row, id);
    const moved = time === undefined ? undefined : movedTo(await this.#times.placeWithin(row, time));
    const marker = this.#options.log.change(() => {
      const before = this.#markers.find(this.#store.findUnlocked(code), id);
      const after: MarkerRow = { ...before, ...moved, ...(note !== undefined && { note }) };
      const change = { session: row.id, marker: before.id, before: before.note, after: after.note };
      this.#notes.keep(change, this.#nowMs());
      this.#markers.change(after);
      return after;
    });
    this.#notify(row, 'changed', marker.id);
    return this.#toMarker(marker, row);
  }

  /** @throws UserError `locked` */
  async eraseMarker(code: string, id: string): Promise<void> {
    const row = this.#store.findUnlocked(code);
    const marker = this.#markers.find(row, id);
    const { log } = this.#options;
    log.change((db) => {
      this.#markers.erase(marker.id);
      this.#notes.eraseOfMarker(row.id, marker.id);
      rewriteTables(db, ['markers', 'note_versions']);
    });
    await log.scrub();
    this.#notify(row, 'changed', marker.id);
  }

  #nowMs(): number {
    return this.#times.now().ms;
  }

  #toSession(row: SessionRow): Session {
    return toSession(row, this.#times.now(), this.#options.log.clock);
  }

  #toMarker(marker: MarkerRow, row: SessionRow): Marker {
    return toMarker(marker, startOf(row), this.#options.log.clock);
  }

  /** Publishes the change; returns the session. */
  #notify(row: SessionRow, change: SessionNotice['change'], marker?: number): Session {
    const { code: session, stream } = row;
    this.#options.onChange?.({
      type: 'session',
      stream,
      session,
      change,
      ...(marker !== undefined && { marker }),
      time: new Date(this.#nowMs()).toISOString(),
    });
    return this.#toSession(row);
  }
}

const jsonOf = (target: readonly TargetPoint[] | null): string | null =>
  target === null ? null : JSON.stringify(target);

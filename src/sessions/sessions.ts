import type { Log } from '../log/log.ts';
import { rewriteTables } from '../log/sql.ts';
import { overlaps, type TimeRange } from '../log/time-range.ts';
import type { SessionNotice } from '../types.ts';
import { UserError } from '../user-error.ts';
import { AHEAD_MS, checkNewSession, invalidTime } from './check-new-session.ts';
import { type MarkerRow, MarkerStore, toMarker } from './marker-store.ts';
import type {
  CheckedMarkerChange,
  CheckedNewMarker,
  CheckedNewSession,
  CheckedSessionChange,
  CheckedSessionQuery,
  Marker,
  Session,
  SessionList,
} from './schema.ts';
import { newCode } from './session-code.ts';
import { decodeCursor, encodeCursor, type SessionRow, SessionStore, toSession } from './session-store.ts';
import { streamMoment } from './stream-moment.ts';

interface SessionsOptions {
  readonly log: Log;
  /** Whether the server has a stream of this name now; stopped ones may be in the log only. */
  readonly hasStream: (name: string) => boolean;
  /** Maximum number of markers of one session. */
  readonly maxMarkers: number;
  /** Whether erasing a session also erases the frames of its time span, if the request does not specify it. */
  readonly eraseFrames?: boolean | undefined;
  readonly onChange?: (notice: SessionNotice) => void;
  readonly now?: () => number;
}

/**
 * Sessions: named spans of streams, by wall-clock time. A session refers to its stream by name only, so it
 * continues over new runs of the stream and over restarts of the server.
 *
 * All methods throw a UserError `unknown-session` or `unknown-marker` if a session or marker does not exist, and
 * `log-failed` if the log cannot be written.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #store: SessionStore;
  readonly #markers: MarkerStore;
  readonly #now: () => number;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { db } = options.log;
    options.log.setKeptRanges((stream) => this.keptRanges(stream));
    db.exec('PRAGMA secure_delete = ON');
    this.#store = new SessionStore(db);
    this.#markers = new MarkerStore(db);
  }

  /**
   * Starts a session on a stream that runs or is in the log.
   *
   * @throws UserError `unknown-stream`, `bad-request`, `before-log`
   */
  start(wanted: CheckedNewSession): Session {
    const { log } = this.#options;
    const nowMs = this.#now();
    const { stream, title = null, tags = [], notes = '' } = wanted;
    const startedMs = wanted.startedAt ?? nowMs;
    const stoppedMs = wanted.stoppedAt ?? null;
    checkNewSession(this.#options, { stream, startedMs, stoppedMs }, nowMs);
    const row = log.change(() => {
      for (;;) {
        const code = newCode();
        if (this.#store.get(code)) continue;
        this.#store.insert({ code, stream, title, notes, tags: JSON.stringify(tags), startedMs, stoppedMs });
        return this.#row(code);
      }
    });
    return this.#notify(row, 'started');
  }

  list({ limit, cursor, from, to, ...filter }: CheckedSessionQuery): SessionList {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = this.#store.list({ ...filter, fromMs: from, toMs: to, after }, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nowMs = this.#now();
    return {
      sessions: page.map((row) => toSession(row, nowMs)),
      next: rows.length > limit && last ? encodeCursor(last) : null,
    };
  }

  get(code: string): Session {
    return toSession(this.#row(code), this.#now());
  }

  /** Changes title, tags or notes. */
  describe(code: string, change: CheckedSessionChange): Session {
    const row = this.#options.log.change(() => {
      const { id, title, notes, tags } = this.#row(code);
      this.#store.describe({
        id,
        title: change.title === undefined ? title : change.title,
        notes: change.notes ?? notes,
        tags: change.tags ? JSON.stringify(change.tags) : tags,
      });
      return this.#row(code);
    });
    return this.#notify(row, 'changed');
  }

  /** Stops a session; one that has stopped already is returned unchanged. */
  stop(code: string): Session {
    const before = this.#row(code);
    if (before.stoppedMs !== null) return toSession(before, this.#now());
    const row = this.#options.log.change(() => {
      // The clock may have been set back in the meantime.
      this.#store.stop(before.id, Math.max(before.startedMs, this.#now()));
      return this.#row(code);
    });
    return this.#notify(row, 'stopped');
  }

  /** The stream and time span of a session; an open session lasts until now. */
  span(code: string): { stream: string; range: TimeRange } {
    const { stream, startedMs, stoppedMs } = this.#row(code);
    return { stream, range: { fromMs: startedMs, toMs: (stoppedMs ?? this.#now()) + 1 } };
  }

  /** Time spans of a stream that retention must not drop. An open session has no end. */
  keptRanges(stream: string): TimeRange[] {
    return this.#store
      .ranges(stream)
      .map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs === null ? Number.POSITIVE_INFINITY : toMs + 1 }));
  }

  /**
   * Erases a session with its markers and notes, so that no file contains their bytes any more. With `frames` it
   * also erases the frames, events and rollups of its time span.
   *
   * @throws UserError `frames-kept` if another session has some of these frames; `log-busy` if another program
   *   keeps the write-ahead log from being emptied
   */
  async erase(code: string, frames = this.#options.eraseFrames ?? false): Promise<void> {
    const { log } = this.#options;
    const row = this.#row(code);
    const { range } = this.span(code);
    if (frames) {
      const others = this.#store
        .ranges(row.stream)
        .filter(
          ({ code: other, fromMs, toMs }) =>
            other !== code && overlaps(range, { fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY }),
        );
      if (others.length > 0) throw framesKept(others.map((one) => one.code));
      // Frames first: if it fails, the session is still there to try again.
      await log.erase(row.stream, range.fromMs, range.toMs);
    }
    log.change((db) => {
      this.#markers.eraseAll(row.id);
      this.#store.erase(row.id);
      rewriteTables(db, ['markers', 'sessions']);
    });
    await log.scrub();
    this.#notify(row, 'erased');
  }

  markers(code: string): Marker[] {
    const { id, startedMs } = this.#row(code);
    return this.#markers.list(id).map((marker) => toMarker(marker, startedMs));
  }

  /**
   * Adds a marker, now by default.
   *
   * @throws UserError `too-many-markers`; `bad-request` for a time outside the session
   */
  async addMarker(code: string, { time, note = '' }: CheckedNewMarker): Promise<Marker> {
    const row = this.#row(code);
    const { maxMarkers, log } = this.#options;
    if (row.markers >= maxMarkers)
      throw new UserError(
        'too-many-markers',
        `A session can have ${maxMarkers} markers: erase some of them first.`,
      );
    const timeMs = this.#timeWithin(row, time ?? this.#now());
    const moment = await streamMoment(log, row.stream, timeMs);
    const marker = log.change(() => {
      const { id: session } = this.#row(code); // Throws if the session was erased while the log was read.
      return this.#markers.insert({ session, timeMs, run: moment?.run ?? null, t: moment?.t ?? null, note });
    });
    this.#notify(row, 'changed');
    return toMarker(marker, row.startedMs);
  }

  /** @throws UserError `bad-request` for a time outside the session */
  async changeMarker(code: string, id: string, { time, note }: CheckedMarkerChange): Promise<Marker> {
    const row = this.#row(code);
    const before = this.#marker(row, id);
    const { log } = this.#options;
    const timeMs = time === undefined ? before.timeMs : this.#timeWithin(row, time);
    const moment = time === undefined ? before : await streamMoment(log, row.stream, timeMs);
    const marker = log.change(() => {
      const after: MarkerRow = {
        ...this.#marker(row, id),
        timeMs,
        run: moment?.run ?? null,
        t: moment?.t ?? null,
        ...(note !== undefined && { note }),
      };
      this.#markers.change(after);
      return after;
    });
    this.#notify(row, 'changed');
    return toMarker(marker, row.startedMs);
  }

  async eraseMarker(code: string, id: string): Promise<void> {
    const row = this.#row(code);
    const marker = this.#marker(row, id);
    const { log } = this.#options;
    log.change((db) => {
      this.#markers.erase(marker.id);
      rewriteTables(db, ['markers']);
    });
    await log.scrub();
    this.#notify(row, 'changed');
  }

  #row(code: string): SessionRow {
    const row = this.#store.get(code);
    if (row) return row;
    throw new UserError(
      'unknown-session',
      `There is no session "${code.slice(0, 64)}": /v1/sessions lists all sessions.`,
    );
  }

  #marker(row: SessionRow, id: string): MarkerRow {
    const marker = /^\d{1,15}$/.test(id) ? this.#markers.get(row.id, Number(id)) : undefined;
    if (marker) return marker;
    throw new UserError('unknown-marker', `The session ${row.code} has no marker ${id.slice(0, 20)}.`);
  }

  /** The time of a marker, moved into its session if a difference of clocks explains why it is outside. */
  #timeWithin({ startedMs, stoppedMs }: SessionRow, timeMs: number): number {
    const endMs = stoppedMs ?? this.#now() + AHEAD_MS;
    if (timeMs >= startedMs - AHEAD_MS && timeMs <= endMs + AHEAD_MS)
      return Math.min(Math.max(timeMs, startedMs), endMs);
    throw invalidTime('time', 'a time within the session', timeMs);
  }

  /** Publishes the change; returns the session. */
  #notify(row: SessionRow, change: SessionNotice['change']): Session {
    const nowMs = this.#now();
    const { code: session, stream } = row;
    this.#options.onChange?.({
      type: 'session',
      stream,
      session,
      change,
      time: new Date(nowMs).toISOString(),
    });
    return toSession(row, nowMs);
  }
}

const framesKept = (codes: readonly string[]): UserError =>
  new UserError(
    'frames-kept',
    `The frames of this session are also part of ${codes.join(', ')}: erase those first, or keep the frames.`,
  );

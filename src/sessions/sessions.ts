import type { TimeRange } from '../log/history.ts';
import type { Log } from '../log/log.ts';
import { rewriteTables } from '../log/sql.ts';
import { Problem } from '../server/http/problem.ts';
import type { Limits } from '../server/limits.ts';
import type { Hub } from '../server/streams/hub.ts';
import type { SessionNotice } from '../types.ts';
import { type MarkerRow, MarkerStore } from './marker-store.ts';
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
import { toMarker, toSession } from './session-json.ts';
import { decodeCursor, encodeCursor, newCode, type SessionRow, SessionStore } from './session-store.ts';
import { streamMoment } from './stream-moment.ts';

export interface SessionsOptions {
  readonly hub: Hub;
  readonly log: Log;
  readonly limits: Limits;
  /** Whether erasing a session also erases the frames of its range, where the request does not say. */
  readonly eraseFrames?: boolean | undefined;
  readonly onChange?: (notice: SessionNotice) => void;
  readonly now?: () => number;
}

/** A client's clock may be a little ahead of the server's. */
const AHEAD_MS = 5_000;
/** Longest time that a session may begin before its stream was first heard. */
const EARLY_MS = 86_400_000;

/**
 * The sessions: spans of streams, by wall-clock time, that people keep. They hang on a stream's name and on
 * nothing that lives in memory, so they go on over new runs of the stream and over restarts of the server.
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

  /** Starts a session on a stream that is or was heard. */
  start(wanted: CheckedNewSession): Session {
    const { log } = this.#options;
    const nowMs = this.#now();
    const { stream, title = null, tags = [], notes = '' } = wanted;
    const startedMs = wanted.startedAt ?? nowMs;
    const stoppedMs = wanted.stoppedAt ?? null;
    this.#mustKnow(stream);
    if (startedMs > nowMs + AHEAD_MS) throw misplaced('startedAt', 'a time that has been', startedMs);
    if (stoppedMs !== null && (stoppedMs <= startedMs || stoppedMs > nowMs + AHEAD_MS))
      throw misplaced('stoppedAt', 'a time after startedAt that has been', stoppedMs);
    this.#mustBeLogged(stream, startedMs, nowMs);
    const row = log.change(() => {
      for (;;) {
        const code = newCode();
        if (this.#store.get(code)) continue;
        this.#store.insert({ code, stream, title, notes, tags: JSON.stringify(tags), startedMs, stoppedMs });
        return this.#row(code);
      }
    });
    return this.#changed(row, 'started');
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
    return this.#changed(row, 'changed');
  }

  /** One that has stopped stays as it is. */
  stop(code: string): Session {
    const before = this.#row(code);
    if (before.stoppedMs !== null) return toSession(before, this.#now());
    const row = this.#options.log.change(() => {
      // The clock may have been set back meanwhile.
      this.#store.stop(before.id, Math.max(before.startedMs, this.#now()));
      return this.#row(code);
    });
    return this.#changed(row, 'stopped');
  }

  /** The stream and the span that the session keeps; of an open one, up to now. */
  span(code: string): { stream: string; range: TimeRange } {
    const { stream, startedMs, stoppedMs } = this.#row(code);
    return { stream, range: { fromMs: startedMs, toMs: (stoppedMs ?? this.#now()) + 1 } };
  }

  /** Spans of a stream that its retention must spare; an open session keeps all that comes. */
  keptRanges(stream: string): TimeRange[] {
    return this.#store
      .ranges(stream)
      .map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs === null ? Number.POSITIVE_INFINITY : toMs + 1 }));
  }

  /**
   * Erases a session, its markers and notes, so that their bytes are gone from the files; with `frames` also
   * what the log has of its range, where no other session keeps that.
   */
  async erase(code: string, frames = this.#options.eraseFrames ?? false): Promise<void> {
    const { log } = this.#options;
    const row = this.#row(code);
    const { range } = this.span(code);
    if (frames) {
      const others = this.#store
        .ranges(row.stream)
        .filter(
          (one) =>
            one.code !== code &&
            one.fromMs < range.toMs &&
            (one.toMs ?? Number.POSITIVE_INFINITY) >= range.fromMs,
        );
      if (others.length > 0) throw kept(others.map((one) => one.code));
      // First, so that after a failure there is still a session by which to try again.
      await log.erase(row.stream, range.fromMs, range.toMs);
    }
    log.change((db) => {
      this.#markers.eraseAll(row.id);
      this.#store.erase(row.id);
      rewriteTables(db, ['markers', 'sessions']);
    });
    await log.scrub();
    this.#changed(row, 'erased');
  }

  markers(code: string): Marker[] {
    const { id, startedMs } = this.#row(code);
    return this.#markers.list(id).map((marker) => toMarker(marker, startedMs));
  }

  async addMarker(code: string, { time, note = '' }: CheckedNewMarker): Promise<Marker> {
    const row = this.#row(code);
    const { limits, log } = this.#options;
    if (row.markers >= limits.markers) {
      throw new Problem(
        409,
        'too-many-markers',
        `A session holds ${limits.markers} markers: erase some first.`,
      );
    }
    const timeMs = this.#placed(row, time ?? this.#now());
    const moment = await streamMoment(log, row.stream, timeMs);
    const marker = log.change(() => {
      const { id: session } = this.#row(code); // It may have been erased while the log was read.
      return this.#markers.insert({ session, timeMs, run: moment?.run ?? null, t: moment?.t ?? null, note });
    });
    this.#changed(row, 'changed');
    return toMarker(marker, row.startedMs);
  }

  async changeMarker(code: string, id: string, { time, note }: CheckedMarkerChange): Promise<Marker> {
    const row = this.#row(code);
    const before = this.#marker(row, id);
    const { log } = this.#options;
    const timeMs = time === undefined ? before.timeMs : this.#placed(row, time);
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
    this.#changed(row, 'changed');
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
    this.#changed(row, 'changed');
  }

  #row(code: string): SessionRow {
    const row = this.#store.get(code);
    if (row) return row;
    const message = `There is no session "${code.slice(0, 64)}": /v1/sessions lists the ones there are.`;
    throw new Problem(404, 'unknown-session', message);
  }

  #marker(row: SessionRow, id: string): MarkerRow {
    const marker = /^\d{1,15}$/.test(id) ? this.#markers.get(row.id, Number(id)) : undefined;
    if (marker) return marker;
    throw new Problem(404, 'unknown-marker', `The session ${row.code} has no marker ${id.slice(0, 20)}.`);
  }

  #mustKnow(stream: string): void {
    const { hub, log } = this.#options;
    if (hub.get(stream)) return;
    log.flush();
    if (log.history.latestRun(stream)) return;
    const message = `There is no stream "${stream}": /v1/streams lists the ones there are.`;
    throw new Problem(404, 'unknown-stream', message);
  }

  /** A mistyped year must not give a session of centuries. A stream that was never heard begins now. */
  #mustBeLogged(stream: string, startedMs: number, nowMs: number): void {
    if (startedMs >= nowMs - EARLY_MS) return;
    const { log } = this.#options;
    log.flush();
    const firstMs = log.history.firstHeardMs(stream);
    if (startedMs >= (firstMs ?? nowMs) - EARLY_MS) return;
    const got = new Date(startedMs).toISOString();
    const known =
      firstMs === undefined
        ? `has nothing of "${stream}" yet`
        : `of "${stream}" begins at ${new Date(firstMs).toISOString()}`;
    const message = `startedAt is ${got}, but the log ${known}: a session begins at most a day before what was heard.`;
    throw new Problem(422, 'before-log', message);
  }

  /** A marker's time, which lies within its session. */
  #placed({ startedMs, stoppedMs }: SessionRow, timeMs: number): number {
    const endMs = stoppedMs ?? this.#now() + AHEAD_MS;
    // Whoever presses the key in the same moment means the session, whichever clock is ahead.
    if (timeMs >= startedMs - AHEAD_MS && timeMs <= endMs + AHEAD_MS)
      return Math.min(Math.max(timeMs, startedMs), endMs);
    throw misplaced('time', 'a time within the session', timeMs);
  }

  #changed(row: SessionRow, change: SessionNotice['change']): Session {
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

function misplaced(path: string, expected: string, gotMs: number): Problem {
  const got = new Date(gotMs).toISOString();
  const message = `The request is wrong: ${path}: expected ${expected}, got ${got}.`;
  return new Problem(400, 'bad-request', message, {}, [{ path, expected, got }]);
}

function kept(codes: readonly string[]): Problem {
  const message = `The frames of this session are kept by ${codes.join(', ')} too: erase those first, or leave the frames.`;
  return new Problem(409, 'frames-kept', message);
}

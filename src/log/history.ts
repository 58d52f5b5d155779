import type Database from 'libsql';
import type { EmotionBucket, EmotionFrame, StreamEvent, StreamMessage, TrackSummary } from '../types.ts';
import { FrameReader } from './frame-reader.ts';
import { EVENT_COLUMNS, type EventRow, rowToEvent } from './frame-row.ts';
import { BucketReader } from './rollup/bucket-reader.ts';
import { yieldToEventLoop } from './sql.ts';
import type { TimeRange } from './time-range.ts';
import { readTracks, type TracksRequest } from './track-log.ts';

interface LoggedRun {
  readonly run: number;
  readonly source: string;
  readonly startedMs: number;
  /** `seq` of the newest frame; -1 if there is none. */
  readonly lastSeq: number;
}

/** Names of all streams in the log, in alphabetical order. */
export const streamNames = (db: Database.Database): string[] =>
  (db.prepare('SELECT name FROM streams ORDER BY name').all() as { name: string }[]).map(({ name }) => name);

/**
 * Reads the log. Queries run on the event loop's thread, so long ones are split into pages that take a few milliseconds
 * each, and other work runs between two pages.
 */
export class History {
  readonly #db: Database.Database;
  readonly #sql;
  readonly #frames: FrameReader;
  readonly #buckets: BucketReader;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#frames = new FrameReader(db);
    this.#buckets = new BucketReader(db, this.#frames);
    this.#sql = {
      runs: db.prepare(
        `SELECT runs.id AS run, source, started_ms AS startedMs
         FROM runs JOIN streams ON streams.id = runs.stream
         WHERE name = ? AND runs.id >= ? ORDER BY runs.id`,
      ),
      latestRun: db.prepare(
        'SELECT max(runs.id) AS run FROM runs JOIN streams ON streams.id = runs.stream WHERE name = ?',
      ),
      lastRuns: db.prepare(
        `SELECT max(runs.id) AS run, name AS stream, source, started_ms AS startedMs
         FROM runs JOIN streams ON streams.id = runs.stream GROUP BY runs.stream ORDER BY run`,
      ),
      endOf: db.prepare(
        `SELECT max(ms) AS ms FROM (
           SELECT max(time_ms) AS ms FROM frames WHERE run = ?1
           UNION ALL SELECT max(to_ms) FROM blocks WHERE run = ?1
           UNION ALL SELECT max(time_ms) FROM events WHERE run = ?1)`,
      ),
      eventsIn: db.prepare(
        `SELECT ${EVENT_COLUMNS} FROM events
         WHERE run IN (SELECT runs.id FROM runs JOIN streams ON streams.id = runs.stream WHERE name = ?1)
         AND time_ms >= ?2 AND time_ms < ?3 AND substr(type, 1, length(?4)) = ?4 ORDER BY time_ms DESC, id DESC LIMIT ?5`,
      ),
      eventsBetween: db.prepare(
        `SELECT ${EVENT_COLUMNS} FROM events WHERE run = ? AND seq > ? AND seq <= ? ORDER BY seq, id`,
      ),
    };
  }

  /** Names of all streams in the log, in alphabetical order. */
  streams(): string[] {
    return streamNames(this.#db);
  }

  /** Runs of a stream, oldest first, beginning with run number `fromRun`. */
  runs(stream: string, fromRun = 0): LoggedRun[] {
    const runs = this.#sql.runs.all(stream, fromRun) as Omit<LoggedRun, 'lastSeq'>[];
    return runs.map((run) => ({ ...run, lastSeq: this.#frames.lastSeq(run.run) }));
  }

  /** The newest run of a stream; undefined if the log does not have the stream. */
  latestRun(stream: string): LoggedRun | undefined {
    const { run } = this.#sql.latestRun.get(stream) as { run: number | null };
    return run === null ? undefined : this.runs(stream, run)[0];
  }

  /** The newest run of each stream, oldest first. */
  lastRuns(): (Omit<LoggedRun, 'lastSeq'> & { readonly stream: string })[] {
    return this.#sql.lastRuns.all() as ReturnType<History['lastRuns']>;
  }

  /** Time of the newest message of a run, in ms since 1970; undefined if the log has none. */
  endOf(run: number): number | undefined {
    const { ms } = this.#sql.endOf.get(run) as { ms: number | null };
    return ms ?? undefined;
  }

  frame(stream: string, run: number, seq: number): EmotionFrame | undefined {
    const frame = this.#frames.framesAfter(stream, run, seq - 1)?.content[0];
    return frame?.seq === seq ? frame : undefined;
  }

  /**
   * Messages of a run after frame `seq`, in order, with at most `limit` frames. `complete` is true on the last page,
   * which ends with the events after the newest frame.
   */
  after(
    stream: string,
    run: number,
    seq: number,
    limit: number,
  ): { messages: StreamMessage[]; lastSeq: number; complete: boolean } {
    const frames: EmotionFrame[] = [];
    let lastSeq = seq;
    let complete = false;
    while (frames.length < limit && !complete) {
      const page = this.#frames.framesAfter(stream, run, lastSeq);
      const added = page?.content.slice(0, limit - frames.length) ?? [];
      frames.push(...added);
      lastSeq = added.at(-1)?.seq ?? lastSeq;
      complete = page === undefined;
    }
    const events = this.#sql.eventsBetween.all(
      run,
      seq,
      complete ? Number.MAX_SAFE_INTEGER : lastSeq,
    ) as EventRow[];
    const messages: StreamMessage[] = [];
    let next = 0;
    for (const frame of frames) {
      while (next < events.length && events[next]!.seq <= frame.seq)
        messages.push(rowToEvent(stream, events[next++]!));
      messages.push(frame);
    }
    while (next < events.length) messages.push(rowToEvent(stream, events[next++]!));
    return { messages, lastSeq, complete };
  }

  /** Events within `range` whose type begins with `type`, in order; if there are more than `limit`, the newest. */
  events(stream: string, { fromMs, toMs }: TimeRange, limit: number, type = ''): StreamEvent[] {
    const rows = this.#sql.eventsIn.all(stream, fromMs, toMs, type, limit) as EventRow[];
    return rows.reverse().map((row) => rowToEvent(stream, row));
  }

  /** Frames emitted within `range`, in order, in pages. */
  async *frames(stream: string, range: TimeRange): AsyncGenerator<EmotionFrame[]> {
    for (const run of this.#frames.runsWith(stream, range)) {
      for (let seq = -1; ; ) {
        const page = this.#frames.framesAfter(stream, run, seq, range);
        if (!page) break;
        if (page.content.length > 0) {
          yield page.content;
          await yieldToEventLoop();
        }
        seq = page.lastSeq;
      }
    }
  }

  /** Tracks that a source named, newest first. */
  tracks(request: TracksRequest): TrackSummary[] {
    return readTracks(this.#db, request);
  }

  /** Start of the first minute of a stream in the log, by its rollups, which outlive its frames; undefined without any. */
  firstLoggedMs(stream: string): number | undefined {
    return this.#buckets.firstMs(stream);
  }

  /** A range in buckets of length `bucketMs`, aligned to 1970, in pages. Empty buckets are left out. */
  buckets(stream: string, range: TimeRange, bucketMs: number): AsyncGenerator<EmotionBucket[]> {
    return this.#buckets.buckets(stream, range, bucketMs);
  }
}

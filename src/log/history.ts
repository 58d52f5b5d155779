import type Database from 'libsql';
import type { EmotionBucket, EmotionFrame, StreamMessage } from '../types.ts';
import { FrameReader } from './frame-reader.ts';
import { EVENT_COLUMNS, type EventRow, rowToEvent } from './frame-row.ts';
import { BucketReader } from './rollup/bucket-reader.ts';
import { yieldToEventLoop } from './sql.ts';
import type { TimeRange } from './time-range.ts';

export interface LoggedRun {
  readonly run: number;
  readonly source: string;
  readonly startedMs: number;
  /** `seq` of the newest frame; -1 where there is none. */
  readonly lastSeq: number;
}

/** Frames given out at once. */
const PAGE_FRAMES = 400;

/** Names of all streams in the log, in the order of the alphabet. */
export const streamNames = (db: Database.Database): string[] =>
  (db.prepare('SELECT name FROM streams ORDER BY name').all() as { name: string }[]).map(({ name }) => name);

/**
 * What the log remembers. Queries run on the event loop's own thread, so each is cut to a size that takes
 * a few milliseconds, whatever was asked for; between two, everything else has its turn.
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
      eventsBetween: db.prepare(
        `SELECT ${EVENT_COLUMNS} FROM events WHERE run = ? AND seq > ? AND seq <= ? ORDER BY seq, id`,
      ),
    };
  }

  /** Names of all streams that the log has heard of. */
  streams(): string[] {
    return streamNames(this.#db);
  }

  /** Runs of a stream from number `fromRun` on, oldest first. */
  runs(stream: string, fromRun = 0): LoggedRun[] {
    const runs = this.#sql.runs.all(stream, fromRun) as Omit<LoggedRun, 'lastSeq'>[];
    return runs.map((run) => ({ ...run, lastSeq: this.#frames.lastSeq(run.run) }));
  }

  latestRun(stream: string): LoggedRun | undefined {
    const { run } = this.#sql.latestRun.get(stream) as { run: number | null };
    return run === null ? undefined : this.runs(stream, run)[0];
  }

  frame(stream: string, run: number, seq: number): EmotionFrame | undefined {
    const frame = this.#frames.framesAfter(stream, run, seq - 1)?.content[0];
    return frame?.seq === seq ? frame : undefined;
  }

  /**
   * Messages of a run that came after frame `seq`, in order, with at most `limit` frames. `complete` says
   * that there are no more: the page ends with the events after the newest frame.
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
      const stretch = this.#frames.framesAfter(stream, run, lastSeq);
      const some = stretch?.content.slice(0, limit - frames.length) ?? [];
      frames.push(...some);
      lastSeq = some.at(-1)?.seq ?? lastSeq;
      complete = stretch === undefined;
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

  /** Frames emitted within `range`, in order, page by page. */
  async *frames(stream: string, range: TimeRange): AsyncGenerator<EmotionFrame[]> {
    for (const run of this.#frames.runsWith(stream, range)) {
      for (let seq = -1; ; ) {
        const stretch = this.#frames.framesAfter(stream, run, seq, range);
        if (!stretch) break;
        const { content, lastSeq } = stretch;
        for (let at = 0; at < content.length; at += PAGE_FRAMES) {
          yield content.slice(at, at + PAGE_FRAMES);
          await yieldToEventLoop();
        }
        seq = lastSeq;
      }
    }
  }

  /**
   * When the stream was first heard, to the minute, by what the log still has: its means outlive its frames.
   * Undefined where it has nothing.
   */
  firstLoggedMs(stream: string): number | undefined {
    return this.#buckets.firstMs(stream);
  }

  /** The same range in buckets of `bucketMs`, aligned to 1970; empty buckets are left out. */
  buckets(stream: string, range: TimeRange, bucketMs: number): AsyncGenerator<EmotionBucket[]> {
    return this.#buckets.buckets(stream, range, bucketMs);
  }
}

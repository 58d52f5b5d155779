import type Database from 'libsql';
import type { EmotionFrame, StreamMessage } from '../../types.ts';
import {
  EVENT_COLUMNS,
  type EventRow,
  FRAME_COLUMNS,
  type FrameRow,
  rowToEvent,
  rowToFrame,
} from './frame-row.ts';

export interface LoggedRun {
  readonly run: number;
  readonly source: string;
  readonly startedMs: number;
  /** `seq` of the newest frame; -1 where there is none. */
  readonly lastSeq: number;
}

/** One bucket of a coarser resolution. Means are over the frames whose activity is `music`. */
export interface EmotionBucket {
  /** Start of the bucket, ISO 8601. */
  readonly time: string;
  readonly frames: number;
  readonly valence: number | null;
  readonly valenceMin: number | null;
  readonly valenceMax: number | null;
  readonly arousal: number | null;
  readonly arousalMin: number | null;
  readonly arousalMax: number | null;
  readonly loudness: number | null;
  readonly confidence: number | null;
  /** Shares of the bucket's frames, together 1. */
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
}

export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/** Rows per query: small enough that the event loop never waits longer than some milliseconds. */
const PAGE_ROWS = 400;
const SLICE_MS = 3_600_000;

/**
 * What the log remembers. Queries run on the event loop's own thread, so each is cut to a size that takes
 * a few milliseconds, whatever was asked for; between two, everything else has its turn.
 */
export class History {
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      runs: db.prepare(
        `SELECT runs.id AS run, source, started_ms AS startedMs,
                coalesce((SELECT max(seq) FROM frames WHERE run = runs.id), -1) AS lastSeq
         FROM runs JOIN streams ON streams.id = runs.stream
         WHERE name = ? AND runs.id >= ? ORDER BY runs.id`,
      ),
      latestRun: db.prepare(
        'SELECT max(runs.id) AS run FROM runs JOIN streams ON streams.id = runs.stream WHERE name = ?',
      ),
      frame: db.prepare(`SELECT ${FRAME_COLUMNS} FROM frames WHERE run = ? AND seq = ?`),
      framesAfter: db.prepare(
        `SELECT ${FRAME_COLUMNS} FROM frames WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`,
      ),
      eventsBetween: db.prepare(
        `SELECT ${EVENT_COLUMNS} FROM events WHERE run = ? AND seq > ? AND seq <= ? ORDER BY seq, id`,
      ),
      framesIn: db.prepare(
        `SELECT ${FRAME_COLUMNS} FROM frames
         WHERE run = ? AND (time_ms, seq) > (?, ?) AND time_ms < ? ORDER BY time_ms, seq LIMIT ?`,
      ),
      firstTime: db.prepare(
        'SELECT min(time_ms) AS ms FROM frames WHERE run = ? AND time_ms >= ? AND time_ms < ?',
      ),
      // The cast: libsql binds every number as REAL, and the division is to be of integers.
      // Not music: valence and arousal are NULL, which sum, min, max and count leave out.
      buckets: db.prepare(
        `SELECT time_ms / CAST(? AS INTEGER) AS bucket, count(*) AS frames,
                count(valence) AS counted, sum(valence) AS valence, sum(arousal) AS arousal,
                min(valence) AS valenceMin, max(valence) AS valenceMax,
                min(arousal) AS arousalMin, max(arousal) AS arousalMax,
                count(loudness) AS heard, sum(loudness) AS loudness, sum(confidence) AS confidence,
                sum(activity = 0) AS music, sum(activity = 1) AS speech, sum(activity = 2) AS silence
         FROM frames WHERE run = ? AND time_ms >= ? AND time_ms < ? GROUP BY bucket ORDER BY bucket`,
      ),
    };
  }

  /** Runs of a stream from number `fromRun` on, oldest first. */
  runs(stream: string, fromRun = 0): LoggedRun[] {
    return this.#sql.runs.all(stream, fromRun) as LoggedRun[];
  }

  latestRun(stream: string): LoggedRun | undefined {
    const { run } = this.#sql.latestRun.get(stream) as { run: number | null };
    return run === null ? undefined : this.runs(stream, run)[0];
  }

  frame(stream: string, run: number, seq: number): EmotionFrame | undefined {
    const row = this.#sql.frame.get(run, seq) as FrameRow | undefined;
    return row && rowToFrame(stream, row);
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
    const frames = this.#sql.framesAfter.all(run, seq, limit) as FrameRow[];
    const complete = frames.length < limit;
    const lastSeq = frames.at(-1)?.seq ?? seq;
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
      messages.push(rowToFrame(stream, frame));
    }
    while (next < events.length) messages.push(rowToEvent(stream, events[next++]!));
    return { messages, lastSeq, complete };
  }

  /** Frames emitted within `range`, in order, page by page. */
  async *frames(stream: string, range: TimeRange): AsyncGenerator<EmotionFrame[]> {
    for (const { run } of this.runs(stream)) {
      let [timeMs, seq] = [range.fromMs, -1];
      for (;;) {
        const rows = this.#sql.framesIn.all(run, timeMs, seq, range.toMs, PAGE_ROWS) as FrameRow[];
        const last = rows.at(-1);
        if (!last) break;
        yield rows.map((row) => rowToFrame(stream, row));
        [timeMs, seq] = [last.time_ms, last.seq];
        await turn();
      }
    }
  }

  /** The same range in buckets of `bucketMs`, aligned to 1970; empty buckets are left out. */
  async *buckets(stream: string, range: TimeRange, bucketMs: number): AsyncGenerator<EmotionBucket[]> {
    let open: BucketSums | undefined;
    for (const { run } of this.runs(stream)) {
      let fromMs: number | null = range.fromMs;
      for (;;) {
        fromMs = (this.#sql.firstTime.get(run, fromMs, range.toMs) as { ms: number | null }).ms;
        if (fromMs === null) break;
        const toMs: number = Math.min(range.toMs, fromMs + SLICE_MS);
        const done: EmotionBucket[] = [];
        for (const sums of this.#sql.buckets.all(bucketMs, run, fromMs, toMs) as BucketSums[]) {
          // A bucket goes on over the edge of a slice, and over the edge of a run.
          if (open && open.bucket === sums.bucket) open = merge(open, sums);
          else {
            if (open) done.push(toBucket(open, bucketMs));
            open = sums;
          }
        }
        if (done.length > 0) yield done;
        fromMs = toMs;
        await turn();
      }
    }
    if (open) yield [toBucket(open, bucketMs)];
  }
}

interface BucketSums {
  /** Start divided by the bucket's length. */
  readonly bucket: number;
  readonly frames: number;
  readonly counted: number;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly valenceMin: number | null;
  readonly valenceMax: number | null;
  readonly arousalMin: number | null;
  readonly arousalMax: number | null;
  readonly heard: number;
  readonly loudness: number | null;
  readonly confidence: number;
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
}

function merge(a: BucketSums, b: BucketSums): BucketSums {
  return {
    bucket: a.bucket,
    frames: a.frames + b.frames,
    counted: a.counted + b.counted,
    valence: fold(a.valence, b.valence, (x, y) => x + y),
    arousal: fold(a.arousal, b.arousal, (x, y) => x + y),
    valenceMin: fold(a.valenceMin, b.valenceMin, Math.min),
    valenceMax: fold(a.valenceMax, b.valenceMax, Math.max),
    arousalMin: fold(a.arousalMin, b.arousalMin, Math.min),
    arousalMax: fold(a.arousalMax, b.arousalMax, Math.max),
    heard: a.heard + b.heard,
    loudness: fold(a.loudness, b.loudness, (x, y) => x + y),
    confidence: a.confidence + b.confidence,
    music: a.music + b.music,
    speech: a.speech + b.speech,
    silence: a.silence + b.silence,
  };
}

const fold = (a: number | null, b: number | null, by: (x: number, y: number) => number): number | null =>
  a === null ? b : b === null ? a : by(a, b);

function toBucket(sums: BucketSums, bucketMs: number): EmotionBucket {
  return {
    time: new Date(sums.bucket * bucketMs).toISOString(),
    frames: sums.frames,
    valence: mean(sums.valence, sums.counted),
    valenceMin: sums.valenceMin,
    valenceMax: sums.valenceMax,
    arousal: mean(sums.arousal, sums.counted),
    arousalMin: sums.arousalMin,
    arousalMax: sums.arousalMax,
    loudness: mean(sums.loudness, sums.heard),
    confidence: mean(sums.confidence, sums.frames),
    music: sums.music / sums.frames,
    speech: sums.speech / sums.frames,
    silence: sums.silence / sums.frames,
  };
}

/** To six decimals, as frames are. */
const mean = (sum: number | null, count: number): number | null =>
  sum === null || count === 0 ? null : Math.round((sum / count) * 1e6) / 1e6;

/** Lets everything that waits have its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

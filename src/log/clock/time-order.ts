import type Database from 'libsql';
import type { TimeRange } from '../time-range.ts';

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Length of a window: buckets of a second take about 5 MB. */
const WINDOW_MS = 6 * 3_600_000;

/** Finds where the clock times of a stream's frames do not rise, because the clock was set back. */
export class TimeOrder {
  readonly #sql;

  constructor(db: Database.Database) {
    const runs = 'SELECT id FROM runs WHERE stream = (SELECT id FROM streams WHERE name = ?1)';
    this.#sql = {
      setBack: db.prepare(
        `SELECT 1 FROM clock_changes JOIN clock_places ON change = id
         WHERE seconds < 0 AND run IN (${runs}) LIMIT 1`,
      ),
      blocks: db.prepare(
        `SELECT run, first_seq AS seq, from_ms AS fromMs, to_ms AS toMs FROM blocks
         WHERE run IN (${runs}) AND to_ms >= ?2 AND from_ms < ?3`,
      ),
      rows: db.prepare(
        `SELECT run, min(seq) AS seq, min(time_ms) AS fromMs, max(time_ms) AS toMs FROM frames
         WHERE run IN (${runs}) AND time_ms >= ?2 AND time_ms < ?3 GROUP BY run`,
      ),
    };
  }

  /**
   * Windows of a range that together have all its frames, in order of time, none of which cuts a bucket. Frames are to
   * be read and merged window by window. undefined if the stored order is the order of time.
   */
  windows(stream: string, range: TimeRange, bucketMs: number): TimeRange[] | undefined {
    if (range.seqs) return undefined; // Between two changes of the clock, times rise.
    const { fromMs, toMs } = range;
    const spans = [
      ...(this.#sql.blocks.all(stream, fromMs, toMs) as (Span & Place)[]),
      ...(this.#sql.rows.all(stream, fromMs, toMs) as (Span & Place)[]),
    ].sort((a, b) => a.run - b.run || a.seq - b.seq);
    const rises = spans.every((span, i) => i === 0 || span.fromMs >= spans[i - 1]!.toMs);
    if (rises && this.#sql.setBack.get(stream) === undefined) return undefined;
    const lengthMs = Math.ceil(WINDOW_MS / bucketMs) * bucketMs;
    const numbers = new Set<number>();
    for (const span of spans) {
      const last = Math.floor(Math.min(span.toMs, toMs - 1) / lengthMs);
      for (let n = Math.floor(Math.max(span.fromMs, fromMs) / lengthMs); n <= last; n++) numbers.add(n);
    }
    return [...numbers]
      .sort((a, b) => a - b)
      .map((n) => ({
        fromMs: Math.max(fromMs, n * lengthMs),
        toMs: Math.min(toMs, (n + 1) * lengthMs),
      }));
  }
}

interface Place {
  readonly run: number;
  readonly seq: number;
}

import type Database from 'libsql';
import type { EmotionBucket } from '../../types.ts';
import { TimeOrder } from '../clock/time-order.ts';
import type { FrameReader } from '../frame-reader.ts';
import { yieldToEventLoop } from '../sql.ts';
import type { TimeRange } from '../time-range.ts';
import { toBucket } from './bucket.ts';
import { addSteps } from './steps.ts';
import { addSums, emptySums, FINEST_MS, finerThan, LEVELS_MS, SUM_COLUMNS, type Sums } from './sums.ts';

const PAGE_ROWS = 500;

/** A bucket and its number: its start divided by its length. */
type Numbered = readonly [bucket: number, sums: Sums];

/**
 * Reads any range of a stream in buckets. Whole buckets of a stored level are read directly. Where a range cuts a
 * bucket, the part is computed from finer levels, and below a minute from the steps. So a bucket covers exactly the
 * frames in the range, as long as the log has their steps.
 */
export class BucketReader {
  readonly #frames: FrameReader;
  readonly #order: TimeOrder;
  readonly #sql;

  constructor(db: Database.Database, frames: FrameReader) {
    this.#frames = frames;
    this.#order = new TimeOrder(db);
    const part = (table: string) =>
      `SELECT bucket, ${SUM_COLUMNS} FROM ${table}
       WHERE stream = (SELECT id FROM streams WHERE name = ?1) AND level = ?2 AND bucket >= ?3 AND bucket < ?4`;
    this.#sql = {
      rows: db
        .prepare(`${part('rollups')} UNION ALL ${part('open_rollups')} ORDER BY bucket LIMIT ${PAGE_ROWS}`)
        .raw(),
      first: db.prepare(
        `SELECT min(bucket) AS bucket FROM (
           SELECT min(bucket) AS bucket FROM rollups WHERE stream = ?1 AND level = ${FINEST_MS}
           UNION ALL SELECT bucket FROM open_rollups WHERE stream = ?1 AND level = ${FINEST_MS})`,
      ),
      stream: db.prepare('SELECT id FROM streams WHERE name = ?'),
    };
  }

  /** Start of the first minute with a rollup; undefined if there is none. */
  firstMs(stream: string): number | undefined {
    const { id } = (this.#sql.stream.get(stream) ?? {}) as { id?: number };
    if (id === undefined) return undefined;
    const { bucket } = this.#sql.first.get(id) as { bucket: number | null };
    return bucket === null ? undefined : bucket * FINEST_MS;
  }

  /** Buckets of length `bucketMs`, aligned to 1970, in order, in pages. Empty buckets are left out. */
  async *buckets(stream: string, range: TimeRange, bucketMs: number): AsyncGenerator<EmotionBucket[]> {
    // Rollups also count frames in the range that are not in `seqs`.
    const level = range.seqs ? undefined : LEVELS_MS.findLast((levelMs) => bucketMs % levelMs === 0);
    const pages =
      level === undefined
        ? this.#fromSteps(stream, range, bucketMs)
        : this.#fromLevel(stream, range, bucketMs, level);
    // The last bucket of a page may continue on the next.
    let open: [number, Sums] | undefined;
    for await (const page of pages) {
      const done: EmotionBucket[] = [];
      for (const [bucket, sums] of page) {
        if (open && open[0] === bucket) addSums(open[1], sums);
        else {
          if (open && open[1][0]! > 0) done.push(toBucket(open[0] * bucketMs, open[1]));
          open = [bucket, sums];
        }
      }
      if (done.length > 0) yield done;
    }
    if (open && open[1][0]! > 0) yield [toBucket(open[0] * bucketMs, open[1])];
  }

  async *#fromSteps(stream: string, range: TimeRange, bucketMs: number): AsyncGenerator<Iterable<Numbered>> {
    const windows = this.#order.windows(stream, range, bucketMs);
    if (!windows) return yield* this.#inStoredOrder(stream, range, bucketMs);
    for (const window of windows) {
      const merged = new Map<number, Sums>();
      for await (const page of this.#inStoredOrder(stream, window, bucketMs)) {
        for (const [bucket, sums] of page) {
          const before = merged.get(bucket);
          if (before) addSums(before, sums);
          else merged.set(bucket, sums);
        }
      }
      yield [...merged].sort(([a], [b]) => a - b);
    }
  }

  /** By run and `seq`: in order of time, unless the clock was set back. */
  async *#inStoredOrder(
    stream: string,
    range: TimeRange,
    bucketMs: number,
  ): AsyncGenerator<Iterable<Numbered>> {
    for (const run of this.#frames.runsWith(stream, range)) {
      let seq = -1;
      for (;;) {
        const page = this.#frames.stepsAfter(run, seq, range);
        if (!page) break;
        const buckets = new Map<number, Sums>();
        addSteps(buckets, page.content, range, run, bucketMs);
        yield buckets;
        seq = page.lastSeq;
        await yieldToEventLoop();
      }
    }
  }

  async *#fromLevel(
    stream: string,
    { fromMs, toMs }: TimeRange,
    bucketMs: number,
    level: number,
  ): AsyncGenerator<Iterable<Numbered>> {
    const first = Math.ceil(fromMs / level);
    const end = Math.max(first, Math.floor(toMs / level));
    const perBucket = bucketMs / level;
    const numbered = (levelBucket: number, sums: Sums): Numbered => [
      Math.floor(levelBucket / perBucket),
      sums,
    ];
    if (first * level > fromMs) {
      const head = await this.#sumsOver(stream, { fromMs, toMs: Math.min(toMs, first * level) }, level);
      yield [numbered(first - 1, head)];
    }
    for (let from = first; from < end; ) {
      const rows = this.#sql.rows.all(stream, level, from, end) as number[][];
      // The last bucket of a full page may have a second row (an open one): it is read again with the next page.
      const full = rows.length === PAGE_ROWS;
      const last = rows.at(-1)?.[0];
      const page = full ? rows.filter(([bucket]) => bucket !== last) : rows;
      yield page.map(([bucket, ...sums]) => numbered(bucket!, Float64Array.from(sums)));
      if (!full) break;
      from = last!;
      await yieldToEventLoop();
    }
    if (end * level < toMs && end >= first && end * level >= fromMs)
      yield [numbered(end, await this.#sumsOver(stream, { fromMs: end * level, toMs }, level))];
  }

  /** Sums over a range that is shorter than a bucket of `level`, from finer levels. */
  async #sumsOver(stream: string, range: TimeRange, level: number): Promise<Sums> {
    const total = emptySums();
    if (range.toMs <= range.fromMs) return total;
    if (level === FINEST_MS) {
      for await (const page of this.#fromSteps(stream, range, level))
        for (const [, sums] of page) addSums(total, sums);
      return total;
    }
    const finer = finerThan(level);
    for await (const page of this.#fromLevel(stream, range, finer, finer))
      for (const [, sums] of page) addSums(total, sums);
    return total;
  }
}

import type Database from 'libsql';
import type { FrameReader } from '../frame-reader.ts';
import type { TimeRange } from '../time-range.ts';
import { RollupWriter } from './rollup-writer.ts';
import { sumsOfSteps } from './steps.ts';
import { addSums, emptySums, FINEST_MS, finerThan, LEVELS_MS, SUM_COLUMNS, type Sums } from './sums.ts';

const OF_STREAM = 'stream = (SELECT id FROM streams WHERE name = ?)';

/** Corrects rollups after steps were erased, or if rollups and steps do not agree. */
export class RollupRepair {
  readonly #frames: FrameReader;
  readonly #writer: RollupWriter;
  readonly #sql;

  constructor(db: Database.Database, frames: FrameReader) {
    this.#frames = frames;
    this.#writer = new RollupWriter(db);
    this.#sql = {
      streamId: db.prepare('SELECT id FROM streams WHERE name = ?'),
      open: db.prepare(`SELECT level, bucket, ${SUM_COLUMNS} FROM open_rollups WHERE ${OF_STREAM}`).raw(),
      deleteOpen: db.prepare(`DELETE FROM open_rollups WHERE ${OF_STREAM}`),
      rows: db
        .prepare(
          `SELECT bucket, ${SUM_COLUMNS} FROM rollups WHERE ${OF_STREAM} AND level = ? AND bucket >= ? AND bucket < ?`,
        )
        .raw(),
      // The cast makes it an integer division: libsql binds every number as REAL.
      over: db.prepare(
        `SELECT DISTINCT bucket / CAST(? AS INTEGER) AS bucket FROM rollups WHERE ${OF_STREAM} AND level = ?`,
      ),
      delete: db.prepare(
        `DELETE FROM rollups WHERE ${OF_STREAM} AND level = ? AND bucket >= ? AND bucket < ?`,
      ),
    };
  }

  /**
   * Corrects the rollups after the steps of a span were erased. Part of the caller's transaction; afterwards
   * RollupWriters must `clearCache`.
   */
  removeSpan(stream: string, { fromMs, toMs }: TimeRange): void {
    this.#closeAll(stream);
    for (const level of LEVELS_MS) {
      const first = Math.floor(fromMs / level);
      const end = Math.ceil(toMs / level);
      // The buckets at the two ends may contain more than the span.
      const ends = new Set(
        [first, end - 1].filter((bucket) => bucket * level < fromMs || (bucket + 1) * level > toMs),
      );
      const before = new Map(
        [...ends].map((bucket) => [bucket, this.#stored(stream, level, bucket, bucket + 1)] as const),
      );
      this.#sql.delete.run(stream, level, first, end);
      for (const bucket of ends) {
        if (before.get(bucket)![0] === 0) continue;
        const span = { fromMs: bucket * level, toMs: (bucket + 1) * level };
        this.#put(
          stream,
          level,
          bucket,
          level === FINEST_MS ? this.#fromSteps(stream, span) : this.#fromFiner(stream, level, bucket),
        );
      }
    }
  }

  /** Replaces minutes and recomputes all coarser levels. Part of the caller's transaction. */
  rebuild(stream: string, minutes: ReadonlyMap<number, Sums>): void {
    this.#closeAll(stream);
    for (const [bucket, sums] of minutes) {
      this.#sql.delete.run(stream, FINEST_MS, bucket, bucket + 1);
      this.#put(stream, FINEST_MS, bucket, sums);
    }
    for (const level of LEVELS_MS.slice(1)) {
      const finer = finerThan(level);
      for (const bucket of this.#bucketsOver(stream, finer, level)) {
        const sums = this.#fromFiner(stream, level, bucket);
        // Some of its finer buckets may have been dropped; the coarse one then has more frames and stays.
        if (this.#stored(stream, level, bucket, bucket + 1)[0]! > sums[0]!) continue;
        this.#sql.delete.run(stream, level, bucket, bucket + 1);
        this.#put(stream, level, bucket, sums);
      }
    }
  }

  #bucketsOver(stream: string, finer: number, level: number): number[] {
    const rows = this.#sql.over.all(level / finer, stream, finer) as { bucket: number }[];
    return rows.map(({ bucket }) => bucket);
  }

  /** Moves the open buckets to the table `rollups`, where they can be changed; the next frames open new ones. */
  #closeAll(stream: string): void {
    const id = this.#idOf(stream);
    if (id === undefined) return;
    for (const [level, bucket, ...sums] of this.#sql.open.all(stream) as number[][]) {
      const values = Float64Array.from(sums);
      if (values[0]! > 0) this.#writer.addClosed(id, level!, bucket!, values);
    }
    this.#sql.deleteOpen.run(stream);
  }

  #put(stream: string, level: number, bucket: number, sums: Sums): void {
    const id = this.#idOf(stream);
    if (id !== undefined && sums[0]! > 0) this.#writer.addClosed(id, level, bucket, sums);
  }

  #idOf(stream: string): number | undefined {
    return (this.#sql.streamId.get(stream) as { id: number } | undefined)?.id;
  }

  #fromFiner(stream: string, level: number, bucket: number): Sums {
    const finer = finerThan(level);
    return this.#stored(stream, finer, (bucket * level) / finer, ((bucket + 1) * level) / finer);
  }

  #stored(stream: string, level: number, first: number, end: number): Sums {
    const total = emptySums();
    for (const [, ...sums] of this.#sql.rows.all(stream, level, first, end) as number[][])
      addSums(total, Float64Array.from(sums));
    return total;
  }

  #fromSteps(stream: string, span: TimeRange): Sums {
    return sumsOfSteps(this.#frames, stream, span).get(0) ?? emptySums();
  }
}

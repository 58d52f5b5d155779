import type Database from 'libsql';
import type { FrameReader } from '../frame-reader.ts';
import type { TimeRange } from '../time-range.ts';
import { RollupWriter } from './rollup-writer.ts';
import { addSteps, addSums, FINEST_MS, finerThan, LEVELS_MS, noSums, SUM_FIELDS, type Sums } from './sums.ts';

const COLUMNS = SUM_FIELDS.join(', ');
const OF_STREAM = 'stream = (SELECT id FROM streams WHERE name = ?)';

/** Brings rollups back in line with the steps where steps were taken away or the two do not agree. */
export class RollupRepair {
  readonly #frames: FrameReader;
  readonly #writer: RollupWriter;
  readonly #sql;

  constructor(db: Database.Database, frames: FrameReader) {
    this.#frames = frames;
    this.#writer = new RollupWriter(db);
    this.#sql = {
      streamId: db.prepare('SELECT id FROM streams WHERE name = ?'),
      open: db.prepare(`SELECT level, bucket, ${COLUMNS} FROM open_rollups WHERE ${OF_STREAM}`).raw(),
      deleteOpen: db.prepare(`DELETE FROM open_rollups WHERE ${OF_STREAM}`),
      rows: db
        .prepare(
          `SELECT bucket, ${COLUMNS} FROM rollups WHERE ${OF_STREAM} AND level = ? AND bucket >= ? AND bucket < ?`,
        )
        .raw(),
      // The cast: libsql binds every number as REAL, and the division is to be of integers.
      over: db.prepare(
        `SELECT DISTINCT bucket / CAST(? AS INTEGER) AS bucket FROM rollups WHERE ${OF_STREAM} AND level = ?`,
      ),
      delete: db.prepare(
        `DELETE FROM rollups WHERE ${OF_STREAM} AND level = ? AND bucket >= ? AND bucket < ?`,
      ),
    };
  }

  /** After the steps of a span were erased. In the caller's transaction; writers must forget what they hold. */
  forgetSpan(stream: string, { fromMs, toMs }: TimeRange): void {
    this.#closeAll(stream);
    for (const level of LEVELS_MS) {
      const first = Math.floor(fromMs / level);
      const end = Math.ceil(toMs / level);
      // Buckets at the two ends may hold more than the span.
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

  /** Puts minutes in the place of what is there, and makes all coarser levels anew. In the caller's transaction. */
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
        // The finer ones of a bucket may have been dropped in part: then it knows more than they do.
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

  /** Moves what is open to what is over, where it can be worked on; frames that come open it again. */
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
    const total = noSums();
    for (const [, ...sums] of this.#sql.rows.all(stream, level, first, end) as number[][])
      addSums(total, Float64Array.from(sums));
    return total;
  }

  #fromSteps(stream: string, span: TimeRange): Sums {
    const all = new Map<number, Sums>();
    for (const run of this.#frames.runsWith(stream, span)) {
      for (let seq = -1; ; ) {
        const stretch = this.#frames.stepsAfter(run, seq, span);
        if (!stretch) break;
        addSteps(all, stretch.content, span);
        seq = stretch.lastSeq;
      }
    }
    return all.get(0) ?? noSums();
  }
}

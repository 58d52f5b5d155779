import type Database from 'libsql';
import { addStep, emptySums, LEVELS_MS, type Step, SUM_COLUMNS, SUM_FIELDS, type Sums } from './sums.ts';

/** A bucket that still gets frames. */
interface Open {
  bucket: number;
  sums: Sums;
}

const MARKS = SUM_FIELDS.map(() => '?').join(', ');

/** SQL that merges two rows of the same bucket: sums add up; extremes count only in a row with values. */
const MERGE = SUM_FIELDS.map((field) => {
  const extreme = /_(min|max)$/.exec(field)?.[1];
  if (!extreme) return `${field} = ${field} + excluded.${field}`;
  return `${field} = CASE WHEN excluded.felt = 0 THEN ${field} WHEN felt = 0 THEN excluded.${field}
                     ELSE ${extreme}(${field}, excluded.${field}) END`;
}).join(', ');

/**
 * Updates the rollups in the transaction that writes their frames. The open bucket of each stream and level is also
 * held in memory: `add` updates it there, `write` stores the buckets that changed. After a failed transaction,
 * `clearCache` makes the writer read them from the file again.
 */
export class RollupWriter {
  readonly #sql;
  readonly #streams = new Map<number, readonly Open[]>();
  readonly #changed = new Set<number>();

  constructor(db: Database.Database) {
    this.#sql = {
      load: db
        .prepare(`SELECT bucket, ${SUM_COLUMNS} FROM open_rollups WHERE stream = ? AND level = ?`)
        .raw(),
      open: db.prepare(
        `INSERT OR REPLACE INTO open_rollups (stream, level, bucket, ${SUM_COLUMNS}) VALUES (?, ?, ?, ${MARKS})`,
      ),
      close: db.prepare(
        `INSERT INTO rollups (stream, level, bucket, ${SUM_COLUMNS}) VALUES (?, ?, ?, ${MARKS})
         ON CONFLICT (stream, level, bucket) DO UPDATE SET ${MERGE}`,
      ),
    };
  }

  /**
   * Adds a step to the open bucket of each level, in memory.
   *
   * @param stream its id in the table `streams`
   */
  add(stream: number, timeMs: number, step: Step): void {
    this.#changed.add(stream);
    for (const [place, open] of this.#levelsOf(stream).entries()) {
      const bucket = Math.floor(timeMs / LEVELS_MS[place]!);
      if (bucket !== open.bucket) this.#startBucket(stream, place, open, bucket);
      addStep(open.sums, step);
    }
  }

  /** Stores the buckets that changed. Part of the caller's transaction. */
  write(): void {
    for (const stream of this.#changed) {
      for (const [place, { bucket, sums }] of this.#levelsOf(stream).entries())
        this.#sql.open.run(stream, LEVELS_MS[place], bucket, ...sums);
    }
    this.#changed.clear();
  }

  /** Clears the buckets in memory: the next `add` reads them from the file. */
  clearCache(): void {
    this.#streams.clear();
    this.#changed.clear();
  }

  /** Adds sums to a bucket that gets no more frames. */
  addClosed(stream: number, levelMs: number, bucket: number, sums: Sums): void {
    this.#sql.close.run(stream, levelMs, bucket, ...sums);
  }

  #startBucket(stream: number, place: number, open: Open, bucket: number): void {
    if (open.sums[0]! > 0) this.addClosed(stream, LEVELS_MS[place]!, open.bucket, open.sums);
    open.bucket = bucket;
    open.sums = emptySums();
  }

  #levelsOf(stream: number): readonly Open[] {
    let levels = this.#streams.get(stream);
    if (!levels) {
      levels = LEVELS_MS.map((level) => {
        const [bucket, ...sums] = (this.#sql.load.get(stream, level) as number[] | undefined) ?? [-1];
        return { bucket: bucket!, sums: sums.length > 0 ? Float64Array.from(sums) : emptySums() };
      });
      this.#streams.set(stream, levels);
    }
    return levels;
  }
}

import type Database from 'libsql';
import { LEVELS_MS } from './levels.ts';
import { addStep, addSums, noSums, type Step, SUM_FIELDS, type Sums } from './sums.ts';

interface Open {
  bucket: number;
  sums: Sums;
}

const COLUMNS = SUM_FIELDS.join(', ');
const MARKS = SUM_FIELDS.map(() => '?').join(', ');

/** How a column of two rows for one bucket comes together; extremes count only where there is anything. */
const MERGE = SUM_FIELDS.map((field) => {
  const extreme = /_(min|max)$/.exec(field)?.[1];
  if (!extreme) return `${field} = ${field} + excluded.${field}`;
  return `${field} = CASE WHEN excluded.felt = 0 THEN ${field} WHEN felt = 0 THEN excluded.${field}
                     ELSE ${extreme}(${field}, excluded.${field}) END`;
}).join(', ');

/**
 * Keeps the rollups up to date, in the transaction of the frames they tell of. Buckets that frames come into
 * are held in memory as well: `add` counts, `write` stores what changed since; after a transaction that
 * failed, `forget` makes the file the truth again.
 */
export class RollupWriter {
  readonly #sql;
  readonly #streams = new Map<number, readonly Open[]>();
  readonly #changed = new Set<number>();

  constructor(db: Database.Database) {
    this.#sql = {
      load: db.prepare(`SELECT bucket, ${COLUMNS} FROM open_rollups WHERE stream = ? AND level = ?`).raw(),
      open: db.prepare(
        `INSERT OR REPLACE INTO open_rollups (stream, level, bucket, ${COLUMNS}) VALUES (?, ?, ?, ${MARKS})`,
      ),
      close: db.prepare(
        `INSERT INTO rollups (stream, level, bucket, ${COLUMNS}) VALUES (?, ?, ?, ${MARKS})
         ON CONFLICT (stream, level, bucket) DO UPDATE SET ${MERGE}`,
      ),
    };
  }

  /** @param stream its number in the log */
  add(stream: number, timeMs: number, step: Step): void {
    this.#changed.add(stream);
    for (const [place, open] of this.#levelsOf(stream).entries()) {
      const bucket = Math.floor(timeMs / LEVELS_MS[place]!);
      if (bucket !== open.bucket) this.#turn(stream, place, open, bucket);
      addStep(open.sums, step);
    }
  }

  write(): void {
    for (const stream of this.#changed) {
      for (const [place, { bucket, sums }] of this.#levelsOf(stream).entries())
        this.#sql.open.run(stream, LEVELS_MS[place], bucket, ...sums);
    }
    this.#changed.clear();
  }

  forget(): void {
    this.#streams.clear();
    this.#changed.clear();
  }

  /** Adds sums to a bucket that is over. */
  addClosed(stream: number, levelMs: number, bucket: number, sums: Sums): void {
    this.#sql.close.run(stream, levelMs, bucket, ...sums);
  }

  #turn(stream: number, place: number, open: Open, bucket: number): void {
    if (open.sums[0]! > 0) this.addClosed(stream, LEVELS_MS[place]!, open.bucket, open.sums);
    open.bucket = bucket;
    open.sums = noSums();
  }

  #levelsOf(stream: number): readonly Open[] {
    let levels = this.#streams.get(stream);
    if (!levels) {
      levels = LEVELS_MS.map((level) => {
        const [bucket, ...sums] = (this.#sql.load.get(stream, level) as number[] | undefined) ?? [-1];
        return { bucket: bucket!, sums: sums.length > 0 ? Float64Array.from(sums) : noSums() };
      });
      this.#streams.set(stream, levels);
    }
    return levels;
  }
}

/** Sums of one bucket, of several streams of frames. */
export function mergeInto(buckets: Map<number, Sums>, bucket: number, sums: Sums): void {
  const there = buckets.get(bucket);
  if (there) addSums(there, sums);
  else buckets.set(bucket, Float64Array.from(sums));
}

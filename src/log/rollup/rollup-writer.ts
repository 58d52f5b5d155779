import type Database from 'libsql';
import { MOODS } from '../../mood.ts';
import { addStep, addSums, LEVELS_MS, noSums, type Step, SUM_FIELDS, type Sums } from './sums.ts';

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

interface Row {
  readonly run: number;
  readonly seq: number;
  readonly stream: number;
  readonly time_ms: number;
  readonly activity: number;
  readonly mood: string | null;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly loudness: number | null;
  readonly confidence: number;
}

const PAGE_ROWS = 5_000;

/** Makes the rollups of a log that had none from the frames that it has as rows. */
export function rollUpFrames(db: Database.Database): void {
  const rollups = new RollupWriter(db);
  const page = db.prepare(
    `SELECT run, seq, stream, time_ms, activity, mood, valence, arousal, loudness, confidence
     FROM frames JOIN runs ON runs.id = frames.run
     WHERE (run, seq) > (?, ?) ORDER BY run, seq LIMIT ${PAGE_ROWS}`,
  );
  let last: { readonly run: number; readonly seq: number } | undefined = { run: -1, seq: -1 };
  while (last) {
    const rows = page.all(last.run, last.seq) as Row[];
    for (const row of rows) {
      rollups.add(row.stream, row.time_ms, {
        activity: row.activity,
        mood: (MOODS as readonly (string | null)[]).indexOf(row.mood),
        valence: row.valence ?? Number.NaN,
        arousal: row.arousal ?? Number.NaN,
        loudness: row.loudness ?? Number.NaN,
        confidence: row.confidence,
      });
    }
    last = rows.at(-1);
  }
  rollups.write();
}

import type Database from 'libsql';
import type { LogDatabase } from '../database.ts';
import { FrameReader } from '../frame-reader.ts';
import { streamNames } from '../history.ts';
import { RollupRepair } from '../rollup/rollup-repair.ts';
import { sumsOfSteps } from '../rollup/steps.ts';
import { addToBucket, FINEST_MS, finerThan, LEVELS_MS, SUM_COLUMNS, type Sums } from '../rollup/sums.ts';
import { transaction } from '../sql.ts';
import { ALL_TIME, type TimeRange } from '../time-range.ts';
import { type Finding, fault, many, ok } from './finding.ts';

/** Relative tolerance: sums of squares over a day exceed what a number can hold exactly. */
const TOLERANCE = 1e-9;

const DAY_MS = LEVELS_MS.at(-1)!;
/** Days that are checked if not all are. */
const SAMPLED_DAYS = 2;

/**
 * Compares the rollups of minutes with the steps, and coarser rollups with finer ones. A minute may have more frames
 * than there are steps, because retention drops steps before rollups.
 */
export function checkRollups(db: Database.Database, streams: readonly string[], full: boolean): Finding {
  const check = 'rollups';
  let wrong = 0;
  let minutes = 0;
  for (const stream of streams) {
    const range = full ? ALL_TIME : newestDays(db, stream);
    const fromSteps = sumsOfSteps(new FrameReader(db), stream, range, FINEST_MS);
    minutes += fromSteps.size;
    wrong += disagreeing(storedSums(db, stream, FINEST_MS, range), fromSteps).length;
    for (const level of LEVELS_MS.slice(1))
      wrong += disagreeing(
        storedSums(db, stream, level, range),
        sumsOfFiner(db, stream, level, range),
      ).length;
  }
  if (wrong === 0)
    return ok(check, `They agree with the steps of ${many(minutes, 'minute')} and with each other.`);
  return fault(
    check,
    `${many(wrong, 'bucket does', 'buckets do')} not agree with the steps: stop the server and run "undertone doctor --repair".`,
  );
}

/**
 * Recomputes rollups that do not agree with the steps, and all coarser ones. Returns the number of minutes
 * recomputed.
 */
export function repairRollups({ db }: LogDatabase): number {
  const frames = new FrameReader(db);
  const repair = new RollupRepair(db, frames);
  let repaired = 0;
  for (const stream of streamNames(db)) {
    transaction(db, () => {
      const fromSteps = sumsOfSteps(frames, stream, ALL_TIME, FINEST_MS);
      const wrong = disagreeing(storedSums(db, stream, FINEST_MS, ALL_TIME), fromSteps);
      repair.rebuild(stream, new Map(wrong.map((bucket) => [bucket, fromSteps.get(bucket)!])));
      repaired += wrong.length;
    });
  }
  return repaired;
}

/** The newest days with frames of a stream: whole days, so that no bucket is cut. */
function newestDays(db: Database.Database, stream: string): TimeRange {
  const newest = Math.max(-1, ...storedSums(db, stream, DAY_MS, ALL_TIME).keys());
  return { fromMs: (newest - SAMPLED_DAYS + 1) * DAY_MS, toMs: ALL_TIME.toMs };
}

/** The sums of a level as the log has them, by bucket number. */
function storedSums(
  db: Database.Database,
  stream: string,
  level: number,
  { fromMs, toMs }: TimeRange,
): Map<number, Sums> {
  const sums = new Map<number, Sums>();
  for (const table of ['rollups', 'open_rollups']) {
    const rows = db
      .prepare(
        `SELECT bucket, ${SUM_COLUMNS} FROM ${table}
         WHERE stream = (SELECT id FROM streams WHERE name = ?) AND level = ? AND bucket >= ? AND bucket < ?`,
      )
      .raw()
      .iterate(stream, level, fromMs / level, toMs / level) as Iterable<number[]>;
    for (const [bucket, ...row] of rows) addToBucket(sums, bucket!, Float64Array.from(row));
  }
  return sums;
}

/** The sums that a level should have by the next finer level. */
function sumsOfFiner(
  db: Database.Database,
  stream: string,
  level: number,
  range: TimeRange,
): Map<number, Sums> {
  const finer = finerThan(level);
  const sums = new Map<number, Sums>();
  for (const [bucket, values] of storedSums(db, stream, finer, range))
    addToBucket(sums, Math.floor((bucket * finer) / level), values);
  return sums;
}

/** Numbers of the buckets whose stored sums do not agree with the expected ones. */
function disagreeing(stored: ReadonlyMap<number, Sums>, expected: ReadonlyMap<number, Sums>): number[] {
  return [...expected.entries()].flatMap(([bucket, sums]) =>
    agrees(stored.get(bucket), sums) ? [] : [bucket],
  );
}

/** Stored sums over more frames (the first sum) agree: the other frames were dropped since. */
function agrees(stored: Sums | undefined, expected: Sums): boolean {
  if (!stored || stored[0]! < expected[0]!) return false;
  return stored[0]! > expected[0]! || isSame(stored, expected);
}

function isSame(a: Sums, b: Sums): boolean {
  return a.every((value, i) => Math.abs(value - b[i]!) <= TOLERANCE * Math.max(1, Math.abs(value)));
}

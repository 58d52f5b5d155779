import type Database from 'libsql';
import { FrameReader } from '../frame-reader.ts';
import { addSteps, addSums, FINEST_MS, finerThan, LEVELS_MS, SUM_FIELDS, type Sums } from '../rollup/sums.ts';
import { ALL_TIME, type TimeRange } from '../time-range.ts';
import { type Finding, fault, many, ok } from './finding.ts';

const COLUMNS = SUM_FIELDS.join(', ');

/** Sums of squares of a day are beyond what a number can count exactly. */
const SLACK = 1e-9;

const DAY_MS = LEVELS_MS.at(-1)!;
/** Where not all are looked at. */
const SAMPLED_DAYS = 2;

/**
 * Rollups against the steps that they tell of, and coarser ones against finer. A minute of which steps were
 * dropped since may tell of more than there are.
 */
export function checkRollups(db: Database.Database, streams: readonly string[], full: boolean): Finding {
  const check = 'rollups';
  let wrong = 0;
  let minutes = 0;
  for (const stream of streams) {
    const range = full ? ALL_TIME : newestDays(db, stream);
    const stored = storedSums(db, stream, FINEST_MS, range);
    for (const [bucket, sums] of minutesOfSteps(db, stream, range)) {
      minutes++;
      if (!tellsOf(stored.get(bucket), sums)) wrong++;
    }
    for (const level of LEVELS_MS.slice(1)) wrong += countDisagreeing(db, stream, level, range);
  }
  if (wrong === 0)
    return ok(check, `They agree with the steps of ${many(minutes, 'minute')} and with each other.`);
  return fault(
    check,
    `${many(wrong, 'bucket does', 'buckets do')} not agree with the steps: stop the server and run "undertone doctor --repair".`,
  );
}

/** The last days that a stream was heard on: whole days, so that no bucket is cut off. */
function newestDays(db: Database.Database, stream: string): TimeRange {
  const newest = Math.max(-1, ...storedSums(db, stream, DAY_MS, ALL_TIME).keys());
  return { fromMs: (newest - SAMPLED_DAYS + 1) * DAY_MS, toMs: ALL_TIME.toMs };
}

/** Sums of every minute of a stream, from the steps that the log has. */
export function minutesOfSteps(db: Database.Database, stream: string, range: TimeRange): Map<number, Sums> {
  const frames = new FrameReader(db);
  const minutes = new Map<number, Sums>();
  for (const run of frames.runsWith(stream, range)) {
    for (let seq = -1; ; ) {
      const stretch = frames.stepsAfter(run, seq, range);
      if (!stretch) break;
      addSteps(minutes, stretch.content, range, FINEST_MS);
      seq = stretch.lastSeq;
    }
  }
  return minutes;
}

export function storedSums(
  db: Database.Database,
  stream: string,
  level: number,
  { fromMs, toMs }: TimeRange,
): Map<number, Sums> {
  const sums = new Map<number, Sums>();
  for (const table of ['rollups', 'open_rollups']) {
    const rows = db
      .prepare(
        `SELECT bucket, ${COLUMNS} FROM ${table} WHERE stream = (SELECT id FROM streams WHERE name = ?) AND level = ?
           AND bucket >= ? AND bucket < ?`,
      )
      .raw()
      .iterate(stream, level, fromMs / level, toMs / level) as Iterable<number[]>;
    for (const [bucket, ...row] of rows) add(sums, bucket!, Float64Array.from(row));
  }
  return sums;
}

export function tellsOf(stored: Sums | undefined, steps: Sums): boolean {
  if (!stored || stored[0]! < steps[0]!) return false;
  return stored[0]! > steps[0]! || isSame(stored, steps);
}

function countDisagreeing(db: Database.Database, stream: string, level: number, range: TimeRange): number {
  const finer = finerThan(level);
  const fromFiner = new Map<number, Sums>();
  for (const [bucket, sums] of storedSums(db, stream, finer, range))
    add(fromFiner, Math.floor((bucket * finer) / level), sums);
  const stored = storedSums(db, stream, level, range);
  let wrong = 0;
  for (const [bucket, sums] of fromFiner) if (!tellsOf(stored.get(bucket), sums)) wrong++;
  return wrong;
}

function add(all: Map<number, Sums>, bucket: number, sums: Sums): void {
  const there = all.get(bucket);
  if (there) addSums(there, sums);
  else all.set(bucket, sums);
}

function isSame(a: Sums, b: Sums): boolean {
  return a.every((value, i) => Math.abs(value - b[i]!) <= SLACK * Math.max(1, Math.abs(value)));
}

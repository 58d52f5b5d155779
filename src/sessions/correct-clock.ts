import type Database from 'libsql';
import { BlockStore, packBlock } from '../log/block-store.ts';
import { type ClockChange, ClockLine } from '../log/clock/clock-line.ts';
import type { LogDatabase } from '../log/database.ts';
import { FrameReader } from '../log/frame-reader.ts';
import { RollupRepair } from '../log/rollup/rollup-repair.ts';
import { sumsOfSteps } from '../log/rollup/steps.ts';
import { FINEST_MS } from '../log/rollup/sums.ts';
import { transaction } from '../log/sql.ts';
import type { SeqRange, TimeRange } from '../log/time-range.ts';
import type { EmotionFrame } from '../types.ts';
import { UserError } from '../user-error.ts';
import { spanText } from '../util/duration.ts';

/** What a correction moved. */
export interface Corrected {
  readonly seconds: number;
  readonly streams: readonly string[];
  readonly frames: number;
  /** Starts and ends of sessions, and markers. */
  readonly moments: number;
}

/** Frames of one run that the clock stamped before the change. */
interface Cut extends SeqRange {
  readonly run: number;
  readonly stream: string;
  readonly startedMs: number;
}

/**
 * Corrects what was recorded under a wrong clock: moves the times that the process recorded before a change of the
 * clock, back to the change before it, by the seconds of the change. Frames, events, rollups, sessions and markers
 * follow, in one transaction. The change itself is then no change any more. Frames that retention has dropped cannot
 * be moved, so their rollups stay where they are.
 *
 * @throws UserError `unknown-change`, `log-failed`
 */
export function correctClock({ db }: LogDatabase, id: number): Corrected {
  const { changes } = new ClockLine(db);
  const at = changes.findIndex((change) => change.id === id);
  const change = changes[at];
  if (!change)
    throw new UserError(
      'unknown-change',
      `The log has no change ${id} of the clock: "undertone clock" lists all changes.`,
    );
  return transaction(db, () => new Correction(db, change, changes[at - 1]).run());
}

/** One correction, within the caller's transaction. */
class Correction {
  readonly #db: Database.Database;
  readonly #change: ClockChange;
  /** The change before it, if the same process noticed it. */
  readonly #before: ClockChange | undefined;
  /** Id of the change before it, whoever noticed it. */
  readonly #since: number;
  readonly #byMs: number;

  constructor(db: Database.Database, change: ClockChange, before: ClockChange | undefined) {
    this.#db = db;
    this.#change = change;
    this.#before = before && before.firstRun === change.firstRun ? before : undefined;
    this.#since = before?.id ?? 0;
    this.#byMs = Math.round(change.seconds * 1000);
  }

  run(): Corrected {
    const cuts = this.#cuts();
    const streams = [...new Set(cuts.map(({ stream }) => stream))];
    const moments = streams.reduce((sum, stream) => sum + this.#moveMoments(stream, cuts), 0);
    const frames = streams.reduce((sum, stream) => sum + this.#moveFrames(stream, cuts), 0);
    this.#removeChange();
    return { seconds: this.#change.seconds, streams, frames, moments };
  }

  /** The runs of the process that were stamped by the clock before the change. */
  #cuts(): Cut[] {
    const { firstRun, lastRun, places } = this.#change;
    const before = this.#before;
    const runs = this.#db
      .prepare(
        `SELECT runs.id AS run, name AS stream, started_ms AS startedMs FROM runs JOIN streams ON streams.id = stream
         WHERE runs.id BETWEEN ? AND ? ORDER BY runs.id`,
      )
      .all(firstRun, lastRun) as Omit<Cut, keyof SeqRange>[];
    return runs
      .map((run) => ({
        ...run,
        // A run that had ended before the earlier change has no place in it.
        from:
          !before || run.run > before.lastRun ? 0 : (before.places.get(run.run) ?? Number.MAX_SAFE_INTEGER),
        end: places.get(run.run) ?? Number.MAX_SAFE_INTEGER,
      }))
      .filter(({ from, end }) => from < end);
  }

  /** Moves frames, events, tracks and starts of runs, and recomputes the rollups of the old and the new times. */
  #moveFrames(stream: string, cuts: readonly Cut[]): number {
    const reader = new FrameReader(this.#db);
    const rollups = new RollupRepair(this.#db, reader);
    const ofStream = cuts.filter((cut) => cut.stream === stream);
    const seqs = (run: number): SeqRange => ofStream.find((cut) => cut.run === run) ?? { from: 0, end: 0 };
    const all = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    const old = sumsOfSteps(reader, stream, { ...all, seqs }, FINEST_MS);
    for (const cut of ofStream) this.#moveRun(cut);
    if (old.size === 0) return 0;
    const oldTimes = minutesOf([...old.keys()]);
    rollups.removeSpan(stream, oldTimes);
    const newTimes = { fromMs: oldTimes.fromMs + this.#byMs, toMs: oldTimes.toMs + this.#byMs };
    // A new reader: the other may have blocks in its cache that are no more.
    const moved = new FrameReader(this.#db);
    const minutes = sumsOfSteps(moved, stream, oldTimes, FINEST_MS);
    for (const [minute, sums] of sumsOfSteps(moved, stream, wholeMinutes(newTimes), FINEST_MS))
      minutes.set(minute, sums);
    rollups.rebuild(stream, minutes);
    return [...old.values()].reduce((sum, sums) => sum + sums[0]!, 0);
  }

  #moveRun({ run, from, end }: Cut): void {
    const by = this.#byMs;
    const blocks = new BlockStore(this.#db);
    for (const block of blocks.ofRun(run)) {
      if (block.lastSeq < from || block.firstSeq >= end) continue;
      const moved = blocks
        .frames(block.id)
        .map((frame) => (frame.seq >= from && frame.seq < end ? shifted(frame, by) : frame));
      blocks.delete(block.id);
      blocks.insert(packBlock(run, moved));
    }
    const within = 'run = ? AND seq >= ? AND seq < ?';
    this.#db.prepare(`UPDATE frames SET time_ms = time_ms + ? WHERE ${within}`).run(by, run, from, end);
    this.#db.prepare(`UPDATE events SET time_ms = time_ms + ? WHERE ${within}`).run(by, run, from, end);
    for (const [ms, at, ofRun] of [
      ['started_ms', 'seq', 'run'],
      ['ended_ms', 'end_seq', 'end_run'],
    ])
      this.#db
        .prepare(`UPDATE tracks SET ${ms} = ${ms} + ? WHERE ${ofRun} = ? AND ${at} >= ? AND ${at} < ?`)
        .run(by, run, from, end);
    if (from === 0) this.#db.prepare('UPDATE runs SET started_ms = started_ms + ? WHERE id = ?').run(by, run);
    this.#db
      .prepare(
        `UPDATE events SET message = message || ? WHERE run = ? AND seq = ? AND type = 'clock-changed'`,
      )
      .run(` Times before it were corrected later, by ${signedSpan(this.#change.seconds)}.`, run, end);
  }

  /** Moves the starts, ends and markers of a stream's sessions that are between the two changes. */
  #moveMoments(stream: string, cuts: readonly Cut[]): number {
    const begins = cuts.filter((cut) => cut.stream === stream).map(({ startedMs }) => startedMs);
    // Earlier moments are of another process, whose clock may have been right.
    const fromMs = this.#before ? Number.NEGATIVE_INFINITY : Math.min(...begins);
    const { timeMs, seconds } = this.#change;
    const toMs = timeMs - seconds * 1000 + NEAR_MS;
    const move = (table: string, ms: string, clock: string, where: string) =>
      this.#db
        .prepare(
          `UPDATE ${table} SET ${ms} = ${ms} + ?1
           WHERE ${clock} >= ?2 AND ${clock} < ?3 AND ${ms} >= ?4 AND ${ms} < ?6 AND ${where}`,
        )
        .run(this.#byMs, this.#since, this.#change.id, fromMs, stream, toMs).changes;
    return (
      move('markers', 'time_ms', 'clock', 'session IN (SELECT id FROM sessions WHERE stream = ?5)') +
      move('sessions', 'started_ms', 'started_clock', 'stream = ?5') +
      move('sessions', 'stopped_ms', 'stopped_clock', 'stream = ?5')
    );
  }

  /** The change before it becomes larger or smaller, or is none either. */
  #removeChange(): void {
    const remove = (id: number) => {
      this.#db.prepare('DELETE FROM clock_changes WHERE id = ?').run(id);
      this.#db.prepare('DELETE FROM clock_places WHERE change = ?').run(id);
    };
    remove(this.#change.id);
    if (!this.#before) return;
    const seconds = this.#before.seconds + this.#change.seconds;
    if (Math.abs(seconds) < SAME_SECONDS) remove(this.#before.id);
    else
      this.#db
        .prepare('UPDATE clock_changes SET seconds = ?, time_ms = time_ms + ? WHERE id = ?')
        .run(seconds, this.#byMs, this.#before.id);
  }
}

/** Two changes that add up to less leave the clock as it was. */
const SAME_SECONDS = 0.25;
/** A change is noticed at most this long after it. */
const NEAR_MS = 2_000;

const signedSpan = (seconds: number): string => `${seconds < 0 ? '−' : '+'}${spanText(Math.abs(seconds))}`;

const shifted = (frame: EmotionFrame, byMs: number): EmotionFrame => ({
  ...frame,
  time: new Date(Date.parse(frame.time) + byMs).toISOString(),
});

const minutesOf = (minutes: readonly number[]): TimeRange => ({
  fromMs: minutes.reduce((a, b) => Math.min(a, b)) * FINEST_MS,
  toMs: (minutes.reduce((a, b) => Math.max(a, b)) + 1) * FINEST_MS,
});

const wholeMinutes = ({ fromMs, toMs }: TimeRange): TimeRange => ({
  fromMs: Math.floor(fromMs / FINEST_MS) * FINEST_MS,
  toMs: Math.ceil(toMs / FINEST_MS) * FINEST_MS,
});

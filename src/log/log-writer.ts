import type Database from 'libsql';
import type { EmotionFrame, StreamEvent } from '../types.ts';
import type { ClockChange } from './clock/clock-line.ts';
import { FrameReader } from './frame-reader.ts';
import { EVENT_COLUMNS, eventToRow, FRAME_COLUMNS, frameToRow } from './frame-row.ts';
import { RollupWriter } from './rollup/rollup-writer.ts';
import { stepOf } from './rollup/steps.ts';
import { transaction } from './sql.ts';
import { TrackWriter } from './track-log.ts';

/** An entry of the log's queue. */
export type Item =
  | { readonly kind: 'run'; readonly run: NewRun }
  | { readonly kind: 'clock'; readonly change: ClockChange }
  | { readonly kind: 'frame'; readonly run: number; readonly frame: EmotionFrame }
  | { readonly kind: 'event'; readonly run: number; readonly seq: number; readonly event: StreamEvent };

interface NewRun {
  readonly id: number;
  readonly stream: string;
  readonly source: string;
  readonly model: string;
  readonly startedMs: number;
}

/** A run that gets frames. */
interface OpenRun {
  /** Id of its stream. */
  readonly stream: number;
  lastSeq: number;
}

/** Writes batches to the database: frames, events and the rollups of the frames, each batch in one transaction. */
export class LogWriter {
  readonly #db: Database.Database;
  readonly #sql;
  readonly #rollups: RollupWriter;
  readonly #reader: FrameReader;
  readonly #tracks: TrackWriter;
  readonly #runs = new Map<number, OpenRun>();

  constructor(db: Database.Database) {
    this.#db = db;
    this.#rollups = new RollupWriter(db);
    this.#reader = new FrameReader(db);
    this.#tracks = new TrackWriter(db);
    this.#sql = {
      stream: db.prepare('INSERT OR IGNORE INTO streams (name) VALUES (?)'),
      run: db.prepare(
        'INSERT INTO runs (id, stream, source, model, started_ms) SELECT ?, id, ?, ?, ? FROM streams WHERE name = ?',
      ),
      streamOf: db.prepare('SELECT stream FROM runs WHERE id = ?'),
      // OR IGNORE: one invalid row must not block all that come after it.
      frame: db.prepare(`INSERT OR IGNORE INTO frames (${FRAME_COLUMNS}) VALUES (${marks(FRAME_COLUMNS)})`),
      clock: db.prepare(
        'INSERT INTO clock_changes (id, time_ms, seconds, first_run, last_run) VALUES (?, ?, ?, ?, ?)',
      ),
      place: db.prepare('INSERT INTO clock_places (change, run, seq) VALUES (?, ?, ?)'),
      event: db.prepare(`INSERT INTO events (${EVENT_COLUMNS}) VALUES (${marks(EVENT_COLUMNS)})`),
    };
  }

  /** Commits a batch. If it throws, nothing was written. */
  write(batch: readonly Item[]): void {
    try {
      transaction(this.#db, () => {
        for (const item of batch) this.#store(item);
        this.#rollups.write();
      });
    } catch (error) {
      this.clearCache();
      throw error;
    }
  }

  /** Clears the cache: after a failed transaction, or after others changed the file. */
  clearCache(): void {
    this.#rollups.clearCache();
    this.#runs.clear();
  }

  #store(item: Item): void {
    switch (item.kind) {
      case 'run': {
        const { id, stream, source, model, startedMs } = item.run;
        this.#sql.stream.run(stream);
        this.#sql.run.run(id, source, model, startedMs, stream);
        return;
      }
      case 'clock': {
        const { id, timeMs, seconds, firstRun, lastRun, places } = item.change;
        this.#sql.clock.run(id, timeMs, seconds, firstRun, lastRun);
        for (const [run, seq] of places) this.#sql.place.run(id, run, seq);
        return;
      }
      case 'frame':
        this.#storeFrame(item.run, item.frame);
        return;
      case 'event':
        if (item.event.type === 'track') this.#tracks.begin(item.run, item.seq, item.event);
        if (item.event.type === 'track-ended' && !this.#tracks.end(item.run, item.seq, item.event)) return;
        this.#sql.event.run(eventToRow(item.run, item.seq, item.event));
        if (item.event.type === 'stream-stopped') this.#runs.delete(item.run);
    }
  }

  /** Skips a frame that is stored already, so that nothing counts twice, and a frame of an unknown run. */
  #storeFrame(run: number, frame: EmotionFrame): void {
    const openRun = this.#runs.get(run) ?? this.#load(run);
    if (!openRun || frame.seq <= openRun.lastSeq) return;
    const { changes } = this.#sql.frame.run(frameToRow(run, frame));
    if (changes === 0) return;
    openRun.lastSeq = frame.seq;
    this.#rollups.add(openRun.stream, Date.parse(frame.time), stepOf(frame));
  }

  #load(run: number): OpenRun | undefined {
    const row = this.#sql.streamOf.get(run) as { stream: number } | undefined;
    if (!row) return undefined;
    const openRun = { stream: row.stream, lastSeq: this.#reader.lastSeq(run) };
    this.#runs.set(run, openRun);
    return openRun;
  }
}

const marks = (columns: string): string =>
  columns
    .split(',')
    .map(() => '?')
    .join(', ');

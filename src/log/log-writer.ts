import type Database from 'libsql';
import type { EmotionFrame, StreamEvent } from '../types.ts';
import { FrameReader } from './frame-reader.ts';
import { EVENT_COLUMNS, eventToRow, FRAME_COLUMNS, frameToRow } from './frame-row.ts';
import { RollupWriter } from './rollup/rollup-writer.ts';
import { stepOf } from './rollup/steps.ts';
import { transaction } from './sql.ts';

/** What waits to be written. */
export type Item =
  | { readonly kind: 'run'; readonly run: NewRun }
  | { readonly kind: 'frame'; readonly run: number; readonly frame: EmotionFrame }
  | { readonly kind: 'event'; readonly run: number; readonly seq: number; readonly event: StreamEvent };

export interface NewRun {
  readonly id: number;
  readonly stream: string;
  readonly source: string;
  readonly model: string;
  readonly startedMs: number;
}

/** What is known of a run that is being written. */
interface Writing {
  /** Number of its stream in the log. */
  readonly stream: number;
  lastSeq: number;
}

/** Puts batches into the database: frames, events and the rollups of the frames, all or nothing. */
export class LogWriter {
  readonly #db: Database.Database;
  readonly #sql;
  readonly #rollups: RollupWriter;
  readonly #reader: FrameReader;
  readonly #runs = new Map<number, Writing>();

  constructor(db: Database.Database) {
    this.#db = db;
    this.#rollups = new RollupWriter(db);
    this.#reader = new FrameReader(db);
    this.#sql = {
      stream: db.prepare('INSERT OR IGNORE INTO streams (name) VALUES (?)'),
      run: db.prepare(
        'INSERT INTO runs (id, stream, source, model, started_ms) SELECT ?, id, ?, ?, ? FROM streams WHERE name = ?',
      ),
      streamOf: db.prepare('SELECT stream FROM runs WHERE id = ?'),
      // OR IGNORE: one odd row must not hold up all that wait behind it.
      frame: db.prepare(`INSERT OR IGNORE INTO frames (${FRAME_COLUMNS}) VALUES (${marks(FRAME_COLUMNS)})`),
      event: db.prepare(`INSERT INTO events (${EVENT_COLUMNS}) VALUES (${marks(EVENT_COLUMNS)})`),
    };
  }

  /** Commits a batch, or throws and leaves the log as it was. */
  write(batch: readonly Item[]): void {
    try {
      transaction(this.#db, () => {
        for (const item of batch) this.#store(item);
        this.#rollups.write();
      });
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** The file has been changed by others, or not by us after all: what is held in memory is read again. */
  forget(): void {
    this.#rollups.forget();
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
      case 'frame':
        this.#storeFrame(item.run, item.frame);
        return;
      case 'event':
        this.#sql.event.run(eventToRow(item.run, item.seq, item.event));
        if (item.event.type === 'stream-stopped') this.#runs.delete(item.run);
    }
  }

  /** A frame that is there already, or whose run is unknown, is left out: nothing counts twice. */
  #storeFrame(run: number, frame: EmotionFrame): void {
    const writing = this.#runs.get(run) ?? this.#load(run);
    if (!writing || frame.seq <= writing.lastSeq) return;
    const { changes } = this.#sql.frame.run(frameToRow(run, frame));
    if (changes === 0) return;
    writing.lastSeq = frame.seq;
    this.#rollups.add(writing.stream, Date.parse(frame.time), stepOf(frame));
  }

  #load(run: number): Writing | undefined {
    const row = this.#sql.streamOf.get(run) as { stream: number } | undefined;
    if (!row) return undefined;
    const writing = { stream: row.stream, lastSeq: this.#reader.lastSeq(run) };
    this.#runs.set(run, writing);
    return writing;
  }
}

const marks = (columns: string): string =>
  columns
    .split(',')
    .map(() => '?')
    .join(', ');

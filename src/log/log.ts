import type Database from 'libsql';
import type { ServerNotice, StreamMessage } from '../types.ts';
import { UserError } from '../user-error.ts';
import { type ClockChange, ClockLine } from './clock/clock-line.ts';
import { type LogDatabase, openDatabase } from './database.ts';
import { codeOf, reasonOf } from './database-error.ts';
import { History } from './history.ts';
import { LOG_DEFAULTS, type LogOptions } from './log-options.ts';
import { type Item, LogWriter } from './log-writer.ts';
import { Renamings } from './renamings.ts';
import { transaction } from './sql.ts';
import type { TimeRange } from './time-range.ts';
import { endLostTracks } from './track-log.ts';
import { Upkeep } from './upkeep/upkeep.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

/**
 * The log: stores every frame and event in SQLite, in batches of one transaction each.
 *
 * It loses at most the last second. `write` only adds to a queue. Every `flushMs` the queue is committed to the
 * write-ahead log, so that it survives the end of the process; then that file is forced to the disk in the background,
 * so that it survives a power failure. If the disk fails, up to `maxQueued` messages stay in the queue (several minutes
 * of many streams), one notice reports it, and every flush tries again.
 */
export class Log {
  readonly history: History;
  /** The changes of the clock, also those that are not written yet. */
  readonly clock: ClockLine;
  readonly renamings: Renamings;
  readonly #database: LogDatabase;
  readonly #options: LogOptions & typeof LOG_DEFAULTS;
  readonly #timer: NodeJS.Timeout;
  readonly #ahead: WriteAheadLog;
  readonly #writer: LogWriter;
  readonly #upkeep: Upkeep;
  /** Runs that may still get frames. */
  readonly #running = new Set<number>();
  #keptRanges: (stream: string) => readonly TimeRange[] = () => [];
  #queue: Item[] = [];
  #lastRun: number;
  /** The first run that this process begins. */
  readonly #firstRun: number;
  #failing = false;
  #dropped = 0;
  /** Dropped during the current failure. */
  #droppedNow = 0;
  #closed = false;

  constructor(options: LogOptions) {
    this.#options = { ...LOG_DEFAULTS, ...options };
    this.#database = openDatabase(options.dataDir, options);
    const { db } = this.#database;
    transaction(db, () => endLostTracks(db));
    this.#writer = new LogWriter(db);
    this.#lastRun = (db.prepare('SELECT coalesce(max(id), 0) AS id FROM runs').get() as { id: number }).id;
    this.#firstRun = this.#lastRun + 1;
    this.history = new History(db);
    this.clock = new ClockLine(db);
    this.renamings = new Renamings(db, (work) => this.change(work));
    this.#upkeep = new Upkeep({
      db,
      change: (work) => {
        // Closed during a task, which continues when the log is opened again.
        if (this.#closed) throw new LogClosed();
        transaction(db, work);
        this.#ahead.sync();
      },
      flush: () => this.flush(),
      isRunning: (run) => this.#running.has(run),
      keptRanges: (stream) => this.#keptRanges(stream),
      rollupsChanged: () => this.#writer.clearCache(),
      onHeld: this.#options.onRetentionHeld,
    });
    this.#ahead = new WriteAheadLog(this.#database);
    this.#timer = setInterval(() => {
      this.flush();
      this.#upkeep.tick().catch((error) => this.#upkeepFailed(error));
    }, this.#options.flushMs);
    this.#timer.unref();
  }

  /** The key of its file in hexadecimal; undefined if it is not encrypted. */
  get key(): string | undefined {
    return this.#database.key;
  }

  /** True while the file cannot be written. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Number of messages dropped so far because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Number of the newest run of any stream. */
  get lastRun(): number {
    return this.#lastRun;
  }

  /** Number of messages in the queue. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Begins a run of a stream and returns its number. */
  startRun(stream: string, source: string, model: string, startedMs: number): number {
    const run = { id: ++this.#lastRun, stream, source, model, startedMs };
    // Never dropped: without its run, no frame could be found.
    this.#queue.push({ kind: 'run', run });
    this.#running.add(run.id);
    return run.id;
  }

  /** Records that the clock was set. `places`: number of frames of each running run so far. */
  clockChanged({ timeMs, seconds, places }: Pick<ClockChange, 'timeMs' | 'seconds' | 'places'>): void {
    if (this.#closed) return;
    const change = this.clock.add({
      timeMs,
      seconds,
      firstRun: this.#firstRun,
      lastRun: this.#lastRun,
      places,
    });
    // Never dropped: without it, frames would count at wrong times.
    this.#queue.push({ kind: 'clock', change });
  }

  /** Queues a message. `seq`: number of frames that the run emitted before it. */
  write(run: number, seq: number, message: StreamMessage): void {
    if (this.#closed) return;
    if (message.type === 'stream-stopped') this.#running.delete(run);
    if (this.#queue.length >= this.#options.maxQueued) {
      this.#dropped++;
      if (this.#droppedNow++ === 0) {
        this.#notice(
          'log-dropped',
          'The log cannot be written and its queue is full: frames are not logged until it can be written again.',
        );
      }
      return;
    }
    this.#queue.push(
      message.type === 'emotion'
        ? { kind: 'frame', run, frame: message }
        : { kind: 'event', run, seq, event: message },
    );
  }

  /** Commits the queue, so that `history` includes it. Returns false if the log cannot be written. */
  flush(): boolean {
    if (this.#closed || this.#queue.length === 0) return !this.#failing;
    const batch = this.#queue;
    const startedMs = performance.now();
    try {
      this.#writer.write(batch);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    this.#queue = [];
    this.#options.onFlush?.(performance.now() - startedMs, batch.length);
    this.#ahead.sync();
    this.#ahead.checkpointWhenDue();
    if (this.#failing) {
      this.#failing = false;
      const lost = this.#droppedNow > 0 ? `${this.#droppedNow} messages were lost` : 'nothing was lost';
      this.#droppedNow = 0;
      this.#notice('log-restored', `The log can be written again: ${lost}.`);
    }
    return true;
  }

  /** For modules with their own tables in the log. They read with it and write with `change`. */
  get db(): Database.Database {
    return this.#database.db;
  }

  /**
   * Runs `work` as one transaction, and forces it to the disk in the background.
   *
   * @throws UserError `log-failed`
   */
  change<T>(work: (db: Database.Database) => T): T {
    const { db } = this.#database;
    try {
      const result = transaction(db, () => work(db));
      this.#ahead.sync();
      return result;
    } catch (cause) {
      if (!codeOf(cause).startsWith('SQLITE_')) throw cause;
      throw cannotChange(cause);
    }
  }

  /**
   * Sets how long a stream's log is kept, in ms; null: forever. Older data is dropped in the background: steps and events
   * by `stepsMs`; rollups of a minute and coarser, and tracks, by `rollupsMs`. The setting is not stored.
   */
  setRetention(stream: string, stepsMs: number | null, rollupsMs: number | null = null): void {
    this.#upkeep.setRetention(stream, { stepsMs, rollupsMs });
  }

  /** Sets the function that returns the ranges of a stream that are never dropped. */
  setKeptRanges(of: (stream: string) => readonly TimeRange[]): void {
    this.#keptRanges = of;
  }

  /** Does all pending upkeep now. */
  async settle(): Promise<void> {
    this.flush();
    await this.#upkeep.settle();
  }

  /**
   * Erases the frames, events and tracks of a stream in a range, and their part of the rollups. To
   * remove the bytes from the write-ahead log too, call `scrub` afterwards.
   *
   * @throws UserError `log-failed`
   */
  async erase(stream: string, range: TimeRange): Promise<void> {
    this.flush();
    try {
      await this.#upkeep.erase(stream, range);
    } catch (cause) {
      if (!codeOf(cause).startsWith('SQLITE_')) throw cause;
      throw cannotChange(cause);
    }
  }

  /**
   * Empties the write-ahead log, so that no file contains erased bytes any more.
   *
   * @throws UserError `log-busy` if another program prevents it for 10 s
   */
  async scrub(): Promise<void> {
    await this.#ahead.scrub();
  }

  close(): void {
    if (this.#closed) return;
    clearInterval(this.#timer);
    this.flush();
    this.#closed = true;
    this.#ahead.close();
    this.#database.close();
  }

  #upkeepFailed(error: unknown): void {
    // A full disk or a locked file: `flush` reports it, and the next tick tries again.
    if (error instanceof LogClosed || /^SQLITE_(FULL|BUSY|IOERR)$/.test(codeOf(error))) return;
    if (!this.#closed) this.#options.onUpkeepError?.(error);
  }

  #fail(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#notice(
      'log-failed',
      `The log cannot be written (${reasonOf(error)}): frames are kept in memory for some minutes. Free disk space or repair the disk.`,
    );
  }

  #notice(code: ServerNotice['code'], message: string): void {
    this.#options.onNotice?.({ type: 'notice', code, time: new Date().toISOString(), message });
  }
}

class LogClosed extends Error {}

function cannotChange(cause: unknown): UserError {
  const message = `The log cannot be written (${reasonOf(cause)}): nothing was changed. Free disk space or repair the disk, then try again.`;
  return new UserError('log-failed', message, { cause });
}

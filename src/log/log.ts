import { close as closeFile, fdatasync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type Database from 'libsql';
import type { ServerNotice, StreamMessage } from '../types.ts';
import { UserError } from '../user-error.ts';
import { type Checkpointer, createCheckpointer } from './checkpointer.ts';
import { type LogDatabase, openDatabase } from './database.ts';
import { codeOf, reasonOf } from './database-fault.ts';
import { History } from './history.ts';
import { type Item, LogWriter } from './log-writer.ts';
import { transaction } from './sql.ts';
import type { TimeRange } from './time-range.ts';
import { Upkeep } from './upkeep/upkeep.ts';

export interface LogOptions {
  readonly dataDir: string;
  /** What waits to be written is written at least this often. */
  readonly flushMs?: number;
  /** More messages than these never wait; what comes then is dropped and counted. */
  readonly maxQueued?: number;
  readonly onNotice?: (notice: ServerNotice) => void;
  /** Told how long each commit took, and of how many messages. */
  readonly onFlush?: (ms: number, messages: number) => void;
  /** Encrypts the whole log; one that was begun with a passphrase opens with no other. */
  readonly passphrase?: string | undefined;
  /** A fault in the upkeep of the log; what is written is not in danger. */
  readonly onFault?: (fault: unknown) => void;
}

const DEFAULTS = { flushMs: 500, maxQueued: 20_000 };

/** While anything is written, it is moved from the write-ahead log to the database file this often. */
const CHECKPOINT_MS = 10_000;

/** A checkpoint or a backup may hold the write-ahead log for so many tenths of a second. */
const SCRUB_ATTEMPTS = 100;

/**
 * The log: every frame and event, in SQLite, in batches of one transaction each.
 *
 * It loses at most the last second. `write` only queues; every `flushMs` the queue is committed to the
 * write-ahead log, which from then on outlives the process; and right after, that file is forced to the
 * disk in the background, which outlives the machine's power. Where the disk fails, the queue holds on to
 * what it can (`maxQueued`, several minutes of many streams), the fault is told once, and writing is tried
 * again with every flush.
 */
export class Log {
  readonly history: History;
  readonly #database: LogDatabase;
  readonly #options: LogOptions & typeof DEFAULTS;
  readonly #timer: NodeJS.Timeout;
  readonly #walFile: number;
  readonly #writer: LogWriter;
  readonly #upkeep: Upkeep;
  /** Runs that frames may still come in. */
  readonly #running = new Set<number>();
  #keptRanges: (stream: string) => readonly TimeRange[] = () => [];
  #queue: Item[] = [];
  #lastRun: number;
  #failing = false;
  #dropped = 0;
  /** Of these, in the failure that is going on. */
  #droppedNow = 0;
  #syncing = false;
  readonly #checkpointer: Checkpointer;
  #checkpointedMs = performance.now();
  #closed = false;

  constructor(options: LogOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#database = openDatabase(options.dataDir, options);
    const { db, file } = this.#database;
    this.#writer = new LogWriter(db);
    this.#lastRun = (db.prepare('SELECT coalesce(max(id), 0) AS id FROM runs').get() as { id: number }).id;
    this.history = new History(db);
    this.#upkeep = new Upkeep({
      db,
      change: (work) => {
        // Closed while something was being done: it goes on when the log is opened again.
        if (this.#closed) throw new LogClosed();
        transaction(db, work);
        this.#sync();
      },
      flush: () => this.flush(),
      isRunning: (run) => this.#running.has(run),
      keptRanges: (stream) => this.#keptRanges(stream),
      rollupsChanged: () => this.#writer.forget(),
    });
    this.#checkpointer = createCheckpointer(this.#database);
    this.#walFile = openSync(`${file}-wal`, 'r+');
    this.#timer = setInterval(() => {
      this.flush();
      this.#upkeep.tick().catch((fault) => this.#upkeepFailed(fault));
    }, this.#options.flushMs);
    this.#timer.unref();
  }

  /** True while what is written does not reach the file. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Messages dropped so far because the file could not be written for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Number of the newest run of any stream. */
  get lastRun(): number {
    return this.#lastRun;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Begins a run of `stream` and returns its number. */
  startRun(stream: string, source: string, model: string, startedMs: number): number {
    const run = { id: ++this.#lastRun, stream, source, model, startedMs };
    // Never dropped: without its run, no frame could be found again.
    this.#queue.push({ kind: 'run', run });
    this.#running.add(run.id);
    return run.id;
  }

  /** `seq`: how many frames the run had emitted before this message. */
  write(run: number, seq: number, message: StreamMessage): void {
    if (this.#closed) return;
    if (message.type === 'stream-stopped') this.#running.delete(run);
    if (this.#queue.length >= this.#options.maxQueued) {
      this.#dropped++;
      if (this.#droppedNow++ === 0) {
        this.#notice(
          'log-dropped',
          'The log cannot be written and its queue is full: until it can be written again, frames are lost to it.',
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

  /** Commits all that waits; what `history` reads next includes it. False where it could not be written. */
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
    this.#sync();
    if (performance.now() - this.#checkpointedMs > CHECKPOINT_MS) {
      this.#checkpointedMs = performance.now();
      this.#checkpointer.run();
    }
    if (this.#failing) {
      this.#failing = false;
      const lost =
        this.#droppedNow > 0 ? `${this.#droppedNow} messages were lost meanwhile` : 'nothing was lost';
      this.#droppedNow = 0;
      this.#notice('log-restored', `The log is being written again; ${lost}.`);
    }
    return true;
  }

  /** For those who keep tables of their own beside the frames; they read by it and write through `change`. */
  get db(): Database.Database {
    return this.#database.db;
  }

  /** Runs `work` as one transaction, which outlives the machine's power as frames do. */
  change<T>(work: (db: Database.Database) => T): T {
    const { db } = this.#database;
    try {
      const result = transaction(db, () => work(db));
      this.#sync();
      return result;
    } catch (cause) {
      if (!codeOf(cause).startsWith('SQLITE_')) throw cause;
      throw cannotChange(cause);
    }
  }

  /**
   * How long a stream's log is kept from now on, in ms; null: for ever. What is older is dropped in the
   * background: steps, events and all that is finer than a minute by `stepsMs`; rollups of a minute and
   * coarser by `rollupsMs`. Nothing of it is remembered when the log is closed.
   */
  setKeep(stream: string, stepsMs: number | null, rollupsMs: number | null = null): void {
    this.#upkeep.setKeep(stream, { stepsMs, rollupsMs });
  }

  /** Spans of a stream that are kept whatever its age; asked for each time that anything is dropped. */
  setKeptRanges(of: (stream: string) => readonly TimeRange[]): void {
    this.#keptRanges = of;
  }

  /** Packs, drops and gives back all that can be now, instead of in its own time. */
  async settle(): Promise<void> {
    this.flush();
    await this.#upkeep.settle();
  }

  /**
   * Erases what was emitted of a stream from `fromMs` up to but without `toMs`, and what rollups say of it;
   * `scrub` then takes the bytes out of the write-ahead log.
   */
  async erase(stream: string, fromMs: number, toMs: number): Promise<void> {
    this.flush();
    try {
      await this.#upkeep.erase(stream, { fromMs, toMs });
    } catch (cause) {
      if (!codeOf(cause).startsWith('SQLITE_')) throw cause;
      throw cannotChange(cause);
    }
  }

  /** Empties the write-ahead log into the file, so that what was erased is in neither. */
  async scrub(): Promise<void> {
    for (let attempt = 0; attempt < SCRUB_ATTEMPTS; attempt++) {
      const done = this.#database.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
      if (done.busy === 0) return;
      await sleep(100);
    }
    const message =
      'It was erased, but the write-ahead log still holds its bytes as another program reads the log: close that, then erase anything else or restart the server.';
    throw new UserError('log-busy', message);
  }

  close(): void {
    if (this.#closed) return;
    clearInterval(this.#timer);
    this.flush();
    this.#closed = true;
    this.#checkpointer.close();
    closeFile(this.#walFile, () => {});
    this.#database.close();
  }

  #upkeepFailed(fault: unknown): void {
    // A disk that is full, or a file that another holds locked: the next time, and `flush` tells of it.
    if (fault instanceof LogClosed || /^SQLITE_(FULL|BUSY|IOERR)$/.test(codeOf(fault))) return;
    if (!this.#closed) this.#options.onFault?.(fault);
  }

  #fail(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#notice(
      'log-failed',
      `The log cannot be written (${reasonOf(error)}): frames are kept in memory for some minutes, make room or mend the disk.`,
    );
  }

  /** Power may fail at any time: forces the write-ahead log to the disk, off the event loop, one at a time. */
  #sync(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    fdatasync(this.#walFile, () => {
      this.#syncing = false;
    });
  }

  #notice(code: ServerNotice['code'], message: string): void {
    this.#options.onNotice?.({ type: 'notice', code, time: new Date().toISOString(), message });
  }
}

class LogClosed extends Error {}

function cannotChange(cause: unknown): UserError {
  const message = `The log cannot be written (${reasonOf(cause)}): nothing was changed, make room or mend the disk and try again.`;
  return new UserError('log-failed', message, { cause });
}

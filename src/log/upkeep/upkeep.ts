import type Database from 'libsql';
import { yieldToEventLoop } from '../sql.ts';
import type { TimeRange } from '../time-range.ts';
import { Compactor } from './compactor.ts';
import { Eraser } from './eraser.ts';
import { Repacker } from './repacker.ts';
import { Retention, type RetentionTimes } from './retention.ts';
import { RetentionClock } from './retention-clock.ts';

interface UpkeepOptions {
  readonly db: Database.Database;
  readonly change: (work: () => void) => void;
  /** Writes the queue of the log. */
  readonly flush: () => void;
  readonly isRunning: (run: number) => boolean;
  readonly rollupsChanged: () => void;
  readonly keptRanges: (stream: string) => readonly TimeRange[];
  /** Called when the clock leaped ahead: old data is kept until `untilMs`, in case the clock is wrong. */
  readonly onHeld?: ((untilMs: number) => void) | undefined;
}

/** How often rows are packed, and how often old data is dropped. */
const COMPACT_MS = 10_000;
const RETENTION_MS = 600_000;

/** Old blocks that are repacked every 10 s, at about 40 ms each: a year of a stream takes four hours. */
const REPACKED_AT_ONCE = 20;

/**
 * Maintains the log while it is written: packs rows into blocks, repacks old blocks, drops old data, erases, and returns
 * free pages to the file system. One task runs at a time, in slices; other work runs between two slices.
 */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #compactor: Compactor;
  readonly #retention: Retention;
  readonly #retentionClock: RetentionClock;
  readonly #eraser: Eraser;
  readonly #repacker: Repacker;
  readonly #retentionTimes = new Map<string, RetentionTimes>();
  #last: Promise<unknown> = Promise.resolve();
  /** The first tick packs at once what the last process left. */
  #compactedMs = Number.NEGATIVE_INFINITY;
  #droppedMs = Number.NEGATIVE_INFINITY;
  #busy = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.#compactor = new Compactor(options);
    this.#retention = new Retention(options);
    this.#retentionClock = new RetentionClock(options);
    this.#eraser = new Eraser(options);
    this.#repacker = new Repacker(options);
  }

  /** Sets how long a stream's log is kept, until the log is closed. */
  setRetention(stream: string, times: RetentionTimes): void {
    if (times.stepsMs === null && times.rollupsMs === null) this.#retentionTimes.delete(stream);
    else this.#retentionTimes.set(stream, times);
    this.#droppedMs = Number.NEGATIVE_INFINITY;
    this.#compactedMs = Number.NEGATIVE_INFINITY;
  }

  /** Starts the tasks that are due, unless one is running; to be called often. Rejects if a task fails. */
  async tick(): Promise<void> {
    const now = performance.now();
    if (this.#busy || now - this.#compactedMs < COMPACT_MS) return;
    this.#compactedMs = now;
    await this.#run(now - this.#droppedMs >= RETENTION_MS);
    await this.#exclusively(() => this.#repacker.run(REPACKED_AT_ONCE));
  }

  /** Does all tasks completely, including the last free page. */
  async settle(): Promise<void> {
    await this.#exclusively(() => this.#repacker.run(Number.MAX_SAFE_INTEGER));
    await this.#run(true, 0);
  }

  #run(drop: boolean, sparePages?: number): Promise<void> {
    return this.#exclusively(async () => {
      await this.#compactor.run();
      if (drop) {
        this.#droppedMs = performance.now();
        const { nowMs, heldUntilMs } = this.#retentionClock.read(Date.now(), performance.now());
        if (heldUntilMs !== undefined && this.#retentionTimes.size > 0) this.#options.onHeld?.(heldUntilMs);
        for (const [stream, times] of this.#retentionTimes) await this.#retention.run(stream, times, nowMs);
      }
      await vacuumSlowly(this.#options.db, sparePages);
    });
  }

  /** Erases a range of a stream, and returns all free pages to the file system. */
  erase(stream: string, range: TimeRange): Promise<void> {
    return this.#exclusively(async () => {
      await this.#eraser.erase(stream, range);
      await vacuumSlowly(this.#options.db, 0);
    });
  }

  #exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#last
      .catch(() => {})
      .then(async () => {
        this.#busy = true;
        try {
          await work();
        } finally {
          this.#busy = false;
        }
      });
    this.#last = done;
    return done;
  }
}

/** Free pages that stay for later: this number or this share of the file, whichever is larger. */
const SPARE_PAGES = 64;
const SPARE_SHARE = 0.01;
const PAGES_AT_ONCE = 64;

/** Returns free pages to the file system, a few at a time. */
async function vacuumSlowly(db: Database.Database, spare = SPARE_PAGES): Promise<void> {
  const number = (pragma: string) =>
    Object.values(db.prepare(`PRAGMA ${pragma}`).get() as object)[0] as number;
  for (;;) {
    const free = number('freelist_count');
    if (free === 0 || free <= Math.max(spare, spare === 0 ? 0 : number('page_count') * SPARE_SHARE)) return;
    db.prepare(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`).all();
    if (number('freelist_count') >= free) return; // A reader prevents it; the next call tries again.
    await yieldToEventLoop();
  }
}

import { close, fdatasync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../user-error.ts';
import { type Checkpointer, createCheckpointer } from './checkpointer.ts';
import type { LogDatabase } from './database.ts';

/** Interval between two checkpoints while the log is written. */
const CHECKPOINT_MS = 10_000;

/** How often `scrub` tries to empty the file, every 0.1 s, while a checkpoint or a backup uses it. */
const SCRUB_ATTEMPTS = 100;

/** The write-ahead log of the log's database: what is committed stands here first. */
export class WriteAheadLog {
  readonly #database: LogDatabase;
  readonly #file: number;
  readonly #checkpointer: Checkpointer;
  readonly #flush: (file: number, done: () => void) => void;
  #checkpointedMs = performance.now();
  #syncing = false;
  /** Something was committed since the call that is running began, so that it may not be part of it. */
  #isOutdated = false;

  /** @param flush tests replace it */
  constructor(database: LogDatabase, flush: (file: number, done: () => void) => void = fdatasync) {
    this.#database = database;
    this.#flush = flush;
    this.#checkpointer = createCheckpointer(database);
    this.#file = openSync(`${database.file}-wal`, 'r+');
  }

  /** Forces it to the disk, off the event loop, one call at a time. */
  sync(): void {
    this.#isOutdated = this.#syncing;
    if (this.#syncing) return;
    this.#syncing = true;
    this.#flush(this.#file, () => {
      this.#syncing = false;
      if (this.#isOutdated) this.sync();
    });
  }

  /** Moves its content into the database in the background, if the last time was a while ago. */
  checkpointWhenDue(): void {
    if (performance.now() - this.#checkpointedMs <= CHECKPOINT_MS) return;
    this.#checkpointedMs = performance.now();
    this.#checkpointer.run();
  }

  /**
   * Empties it, so that no file contains erased bytes any more.
   *
   * @throws UserError `log-busy` if another program prevents it for 10 s
   */
  async scrub(): Promise<void> {
    for (let attempt = 0; attempt < SCRUB_ATTEMPTS; attempt++) {
      const done = this.#database.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
      if (done.busy === 0) return;
      await sleep(100);
    }
    const message =
      'It was erased, but the write-ahead log still contains its bytes, because another program reads the log: close that program, then erase something else or restart the server.';
    throw new UserError('log-busy', message);
  }

  /** Moves all into the database file, so that it is complete without this one; waits for nobody. */
  close(): void {
    this.#checkpointer.close();
    this.#isOutdated = false;
    close(this.#file, () => {});
    try {
      this.#database.db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // A full disk: the next start reads the write-ahead log.
    }
  }
}

import type Database from 'libsql';
import { type BlockInfo, BlockStore, trimBlock } from '../block-store.ts';
import { LEVELS_MS } from '../rollup/sums.ts';
import { yieldToEventLoop } from '../sql.ts';
import { contains, overlaps, type TimeRange } from '../time-range.ts';
import { dropTracks } from '../track-log.ts';

/** How long a stream's log is kept, in ms; null: forever. */
export interface RetentionTimes {
  /** Steps and events. */
  readonly stepsMs: number | null;
  /** Rollups of a minute and coarser, and the summaries of tracks. */
  readonly rollupsMs: number | null;
}

interface RetentionOptions {
  readonly db: Database.Database;
  readonly change: (work: () => void) => void;
  readonly isRunning: (run: number) => boolean;
  /** Ranges of a stream that are never dropped. */
  readonly keptRanges: (stream: string) => readonly TimeRange[];
}

const BLOCKS_AT_ONCE = 20;
const ROWS_AT_ONCE = 500;

/** Drops the part of a stream's log that is older than the limit, some rows at a time. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #blocks: BlockStore;
  readonly #sql;

  constructor(options: RetentionOptions) {
    this.#options = options;
    const { db } = options;
    const ofStream = 'stream = (SELECT id FROM streams WHERE name = ?)';
    this.#blocks = new BlockStore(db);
    this.#sql = {
      runs: db.prepare(`SELECT id FROM runs WHERE ${ofStream} AND started_ms < ?`),
      events: db.prepare(`SELECT id, time_ms AS timeMs FROM events WHERE run = ? AND time_ms < ?`),
      deleteEvent: db.prepare('DELETE FROM events WHERE id = ?'),
      rollups: db.prepare(
        `SELECT bucket FROM rollups WHERE ${ofStream} AND level = ? AND bucket < ? AND bucket > ?
         ORDER BY bucket LIMIT ${ROWS_AT_ONCE}`,
      ),
      deleteRollup: db.prepare(`DELETE FROM rollups WHERE ${ofStream} AND level = ? AND bucket = ?`),
      // The newest run of all stays, so that its number is not used again.
      deleteRun: db.prepare(
        `DELETE FROM runs WHERE id = ?1 AND id <> (SELECT max(id) FROM runs)
           AND NOT EXISTS (SELECT 1 FROM frames WHERE run = ?1)
           AND NOT EXISTS (SELECT 1 FROM blocks WHERE run = ?1)
           AND NOT EXISTS (SELECT 1 FROM events WHERE run = ?1)`,
      ),
    };
  }

  /** @param nowMs the time that ages are relative to, ms since 1970 */
  async run(stream: string, { stepsMs, rollupsMs }: RetentionTimes, nowMs: number): Promise<void> {
    const kept = this.#options.keptRanges(stream);
    if (stepsMs !== null) {
      await this.#dropBlocks(stream, nowMs - stepsMs, kept);
      await this.#dropEvents(stream, nowMs - stepsMs, kept);
    }
    if (rollupsMs !== null) {
      await this.#dropRollups(stream, nowMs - rollupsMs, kept);
      this.#options.change(() => dropTracks(this.#options.db, stream, nowMs - rollupsMs, kept));
    }
  }

  async #dropBlocks(stream: string, beforeMs: number, kept: readonly TimeRange[]): Promise<void> {
    const old = { fromMs: Number.NEGATIVE_INFINITY, toMs: beforeMs };
    let last: BlockInfo | undefined;
    for (;;) {
      const page = this.#blocks.within(stream, old, last, BLOCKS_AT_ONCE);
      last = page.at(-1);
      if (!last) return;
      // A block that contains the limit waits until all of it is older.
      const due = page.filter(({ toMs }) => toMs < beforeMs);
      this.#options.change(() => {
        for (const block of due)
          if (!kept.some((range) => overlaps(range, block))) this.#blocks.delete(block.id);
      });
      await yieldToEventLoop();
      for (const block of due) await this.#trim(block, kept);
    }
  }

  /** Keeps the part of a block that is in kept ranges. A block that is completely in one is not changed. */
  async #trim(block: BlockInfo, kept: readonly TimeRange[]): Promise<void> {
    const ranges = kept.filter((range) => overlaps(range, block));
    if (ranges.length === 0 || ranges.some(({ fromMs, toMs }) => fromMs <= block.fromMs && block.toMs < toMs))
      return;
    const parts = trimBlock(this.#blocks, block, ranges);
    this.#options.change(() => {
      this.#blocks.delete(block.id);
      for (const part of parts) this.#blocks.insert(part);
    });
    await yieldToEventLoop();
  }

  async #dropEvents(stream: string, beforeMs: number, kept: readonly TimeRange[]): Promise<void> {
    for (const { id: run } of this.#sql.runs.all(stream, beforeMs) as { id: number }[]) {
      const events = this.#sql.events.all(run, beforeMs) as { id: number; timeMs: number }[];
      const due = events.filter(({ timeMs }) => !kept.some((range) => contains(range, timeMs)));
      for (let at = 0; at < due.length || at === 0; at += ROWS_AT_ONCE) {
        this.#options.change(() => {
          for (const { id } of due.slice(at, at + ROWS_AT_ONCE)) this.#sql.deleteEvent.run(id);
          if (at + ROWS_AT_ONCE >= due.length && !this.#options.isRunning(run)) this.#sql.deleteRun.run(run);
        });
        await yieldToEventLoop();
      }
    }
  }

  async #dropRollups(stream: string, beforeMs: number, kept: readonly TimeRange[]): Promise<void> {
    for (const level of LEVELS_MS) {
      const end = Math.floor(beforeMs / level);
      for (let last: number | undefined = -1; last !== undefined; ) {
        const rows = this.#sql.rollups.all(stream, level, end, last) as { bucket: number }[];
        this.#options.change(() => {
          for (const { bucket } of rows) {
            const span = { fromMs: bucket * level, toMs: (bucket + 1) * level - 1 };
            if (!kept.some((range) => overlaps(range, span)))
              this.#sql.deleteRollup.run(stream, level, bucket);
          }
        });
        last = rows.at(-1)?.bucket;
        await yieldToEventLoop();
      }
    }
  }
}

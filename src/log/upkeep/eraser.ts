import type Database from 'libsql';
import type { EmotionFrame } from '../../types.ts';
import { type BlockInfo, BlockStore, type NewBlock, splitBlock } from '../block-store.ts';
import { FrameReader } from '../frame-reader.ts';
import { RollupRepair } from '../rollup/rollup-repair.ts';
import { sumsOfSteps } from '../rollup/steps.ts';
import { FINEST_MS } from '../rollup/sums.ts';
import { rewriteTables, yieldToEventLoop } from '../sql.ts';
import { ALL_SEQS, contains, type TimeRange } from '../time-range.ts';
import { eraseTracks } from '../track-log.ts';

interface EraserOptions {
  readonly db: Database.Database;
  readonly change: (work: () => void) => void;
  /** Writes the queue of the log. */
  readonly flush: () => void;
  readonly isRunning: (run: number) => boolean;
  /** Called in the transaction, after the rollups in the file have changed. */
  readonly rollupsChanged: () => void;
}

/**
 * Erases a range of a stream: its frames, its events, the tracks that it touches, and their part of the rollups. A minute that the range cuts is
 * recomputed from the steps that remain. If these were dropped before, the whole minute is erased, because a part of its
 * sums cannot be subtracted.
 *
 * Where the range has `seqs`, other frames have the same clock times, because the clock was set: these stay, and the
 * rollups of those times are recomputed from them.
 */
export class Eraser {
  readonly #options: EraserOptions;
  readonly #blocks: BlockStore;
  readonly #frames: FrameReader;
  readonly #rollups: RollupRepair;
  readonly #sql;

  constructor(options: EraserOptions) {
    this.#options = options;
    const { db } = options;
    this.#blocks = new BlockStore(db);
    this.#frames = new FrameReader(db);
    this.#rollups = new RollupRepair(db, this.#frames);
    const within = 'run = ? AND time_ms >= ? AND time_ms < ? AND seq >= ? AND seq < ?';
    const ofStream = 'stream = (SELECT id FROM streams WHERE name = ?)';
    this.#sql = {
      deleteRows: db.prepare(`DELETE FROM frames WHERE ${within}`),
      deleteEvents: db.prepare(`DELETE FROM events WHERE ${within}`),
      runs: db.prepare(`SELECT id, started_ms AS startedMs FROM runs WHERE ${ofStream} AND started_ms < ?`),
      // The newest run of all stays, so that its number is not used again, but its source and model are blanked.
      isEmpty: db.prepare(
        `SELECT NOT EXISTS (SELECT 1 FROM frames WHERE run = ?1)
            AND NOT EXISTS (SELECT 1 FROM blocks WHERE run = ?1)
            AND NOT EXISTS (SELECT 1 FROM events WHERE run = ?1) AS empty`,
      ),
      deleteRun: db.prepare('DELETE FROM runs WHERE id = ?1 AND id <> (SELECT max(id) FROM runs)'),
      blankRun: db.prepare("UPDATE runs SET source = '', model = '' WHERE id = ?"),
    };
  }

  /** Erases the range in several transactions; readers see it shrink. */
  async erase(stream: string, range: TimeRange): Promise<void> {
    if (range.toMs <= range.fromMs) return;
    const times = range.seqs ? this.#timesOf(stream, range) : range;
    for (let last: BlockInfo | undefined; ; ) {
      const page = this.#blocks.within(stream, range, last, 20);
      last = page.at(-1);
      if (!last) break;
      for (const block of page) await this.#eraseFrom(block, range);
    }
    // Also erases frames that were written while blocks were erased. From here on, no other work runs in between.
    this.#options.flush();
    this.#options.change(() => this.#eraseRest(stream, range, times));
    await yieldToEventLoop();
  }

  /** The clock times of the frames in a range, in whole minutes around them. */
  #timesOf(stream: string, range: TimeRange): TimeRange {
    let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const minute of sumsOfSteps(this.#frames, stream, range, FINEST_MS).keys()) {
      fromMs = Math.min(fromMs, minute * FINEST_MS);
      toMs = Math.max(toMs, (minute + 1) * FINEST_MS);
    }
    return { fromMs, toMs };
  }

  async #eraseFrom(block: BlockInfo, range: TimeRange): Promise<void> {
    const { fromMs, toMs } = range;
    const { from, end } = range.seqs?.(block.run) ?? ALL_SEQS;
    if (block.lastSeq < from || block.firstSeq >= end) return;
    const inside =
      block.fromMs >= fromMs && block.toMs < toMs && block.firstSeq >= from && block.lastSeq < end;
    const isErased = ({ seq, time }: EmotionFrame) =>
      seq >= from && seq < end && contains(range, Date.parse(time));
    // The frames before and after the erased ones become two blocks.
    let after = 0;
    const parts: NewBlock[] = inside
      ? []
      : splitBlock(this.#blocks, block, (frame) => {
          if (!isErased(frame)) return after;
          after = 1;
          return -1;
        });
    this.#options.change(() => {
      this.#blocks.delete(block.id);
      for (const part of parts) this.#blocks.insert(part);
    });
    await yieldToEventLoop();
  }

  /** Erases rows, events and empty runs, and corrects the rollups, in one transaction. */
  #eraseRest(stream: string, range: TimeRange, times: TimeRange): void {
    const { fromMs, toMs } = range;
    // A run that began on a later clock has frames here too.
    const beginsMs = range.seqs ? Number.POSITIVE_INFINITY : toMs;
    for (const { id, startedMs } of this.#sql.runs.all(stream, beginsMs) as {
      id: number;
      startedMs: number;
    }[]) {
      const { from, end } = range.seqs?.(id) ?? ALL_SEQS;
      this.#sql.deleteRows.run(id, fromMs, toMs, from, end);
      this.#sql.deleteEvents.run(id, fromMs, toMs, from, end);
      const { empty } = this.#sql.isEmpty.get(id) as { empty: number };
      if (empty === 0 || startedMs < fromMs || this.#options.isRunning(id)) continue;
      if (this.#sql.deleteRun.run(id).changes === 0) this.#sql.blankRun.run(id);
    }
    if (times.fromMs < times.toMs) {
      this.#rollups.removeSpan(stream, times);
      if (range.seqs) this.#rollups.rebuild(stream, sumsOfSteps(this.#frames, stream, times, FINEST_MS));
    }
    eraseTracks(this.#options.db, stream, range);
    this.#options.rollupsChanged();
    rewriteTables(this.#options.db, ['frames', 'events', 'tracks']);
  }
}

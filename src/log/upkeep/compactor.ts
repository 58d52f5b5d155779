import { isDeepStrictEqual } from 'node:util';
import type Database from 'libsql';
import type { EmotionFrame } from '../../types.ts';
import { BlockStore, type NewBlock, packBlock } from '../block-store.ts';
import { openFrames } from '../codec/block.ts';
import { FRAME_COLUMNS, type FrameRow, rowToFrame } from '../frame-row.ts';
import { yieldToEventLoop } from '../sql.ts';

/**
 * Frames of a run that go on as rows until they make a block: 20 minutes. Blocks of an hour are 3 % smaller, take
 * three times as long to look into, and leave three times as many rows; of shorter ones more is lost in the
 * half-empty page at the end of each.
 */
export const BLOCK_FRAMES = 2_400;

/** Frames read, and frames compared, between two turns of everything else. */
const ROWS_AT_ONCE = 400;
const COMPARED_AT_ONCE = 60;

export interface CompactorOptions {
  readonly db: Database.Database;
  /** Runs something as one transaction. */
  readonly change: (work: () => void) => void;
  /** Whether frames may still come in this run. */
  readonly isRunning: (run: number) => boolean;
}

/**
 * Moves frames from rows into blocks. Each move is one transaction, so that at any moment, also after a crash,
 * each frame is in exactly one place. The work in between is cut into slices of some milliseconds. What is
 * packed is unpacked and compared before the rows go.
 */
export class Compactor {
  readonly #options: CompactorOptions;
  readonly #blocks: BlockStore;
  readonly #sql;
  /** Runs whose frames did not come back as they were: they stay rows. */
  readonly #left = new Set<number>();

  constructor(options: CompactorOptions) {
    this.#options = options;
    const { db } = options;
    this.#blocks = new BlockStore(db);
    this.#sql = {
      firstRun: db.prepare('SELECT min(run) AS run FROM frames WHERE run > ?'),
      reach: db.prepare(
        'SELECT (SELECT max(seq) FROM frames WHERE run = ?1) - (SELECT min(seq) FROM frames WHERE run = ?1) + 1 AS n',
      ),
      rows: db.prepare(`SELECT ${FRAME_COLUMNS} FROM frames WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`),
      deleteRows: db.prepare('DELETE FROM frames WHERE run = ? AND seq <= ?'),
    };
  }

  /** Does all there is to do now. */
  async run(): Promise<void> {
    for (const run of this.#runsWithRows()) while (await this.#packRows(run));
  }

  #runsWithRows(): number[] {
    const runs: number[] = [];
    for (let run = -1; ; ) {
      const next = (this.#sql.firstRun.get(run) as { run: number | null }).run;
      if (next === null) return runs;
      run = next;
      const { n } = this.#sql.reach.get(run) as { n: number };
      if (!this.#left.has(run) && (n >= BLOCK_FRAMES || !this.#options.isRunning(run))) runs.push(run);
    }
  }

  /** False where there is nothing more to pack. */
  async #packRows(run: number): Promise<boolean> {
    const running = this.#options.isRunning(run);
    const frames = await this.#firstFrames(run);
    if (frames.length === 0 || (running && frames.length < BLOCK_FRAMES)) return false;
    const block = packBlock(run, frames);
    await yieldToEventLoop();
    if (!(await comesBack(frames, block))) {
      this.#left.add(run);
      throw new Error(
        `Frames of run ${run} from ${block.firstSeq} on do not survive being packed; they stay rows.`,
      );
    }
    this.#options.change(() => {
      this.#blocks.insert(block);
      this.#sql.deleteRows.run(run, block.lastSeq);
    });
    await yieldToEventLoop();
    return true;
  }

  /** The oldest frames that are rows, as many as a block has at most. */
  async #firstFrames(run: number): Promise<EmotionFrame[]> {
    const frames: EmotionFrame[] = [];
    for (let page = 0; page * ROWS_AT_ONCE < BLOCK_FRAMES; page++) {
      const rows = this.#sql.rows.all(run, frames.at(-1)?.seq ?? -1, ROWS_AT_ONCE) as FrameRow[];
      for (const row of rows) frames.push(rowToFrame('', row));
      if (rows.length < ROWS_AT_ONCE) break;
      await yieldToEventLoop();
    }
    return frames;
  }
}

/** Whether a block holds these frames, to the last digit. */
export async function comesBack(frames: readonly EmotionFrame[], block: NewBlock): Promise<boolean> {
  const { seq, frame } = openFrames(block.data, '');
  for (const [row, expected] of frames.entries()) {
    if (row % COMPARED_AT_ONCE === 0) await yieldToEventLoop();
    if (!isDeepStrictEqual(frame(row), expected)) return false;
  }
  return seq.length === frames.length;
}

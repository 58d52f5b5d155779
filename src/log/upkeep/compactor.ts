import { isDeepStrictEqual } from 'node:util';
import type Database from 'libsql';
import type { EmotionFrame } from '../../types.ts';
import { BlockStore, type NewBlock, packBlock } from '../block-store.ts';
import { openFrames } from '../codec/block.ts';
import { FRAME_COLUMNS, type FrameRow, rowToFrame } from '../frame-row.ts';
import { yieldToEventLoop } from '../sql.ts';

/**
 * Frames of a block: 20 minutes. Blocks of an hour would be 3 % smaller, but take three times as long to read, and three
 * times as many frames would be rows. Shorter blocks would waste more space in the last page of each.
 */
export const BLOCK_FRAMES = 2_400;

/** Frames read, and frames compared, before other work may run. */
const ROWS_AT_ONCE = 400;
const COMPARED_AT_ONCE = 60;

interface CompactorOptions {
  readonly db: Database.Database;
  /** Runs `work` as one transaction. */
  readonly change: (work: () => void) => void;
  /** Whether a run may still get frames. */
  readonly isRunning: (run: number) => boolean;
}

/**
 * Moves frames from rows to blocks. Each move is one transaction, so each frame is always in exactly one place, also
 * after a crash. Each block is decoded and compared before its rows are deleted. The work is done in slices of some
 * milliseconds.
 */
export class Compactor {
  readonly #options: CompactorOptions;
  readonly #blocks: BlockStore;
  readonly #sql;
  /** Runs with frames that a block would change: they stay rows. */
  readonly #skipped = new Set<number>();

  constructor(options: CompactorOptions) {
    this.#options = options;
    const { db } = options;
    this.#blocks = new BlockStore(db);
    this.#sql = {
      firstRun: db.prepare('SELECT min(run) AS run FROM frames WHERE run > ?'),
      span: db.prepare(
        'SELECT (SELECT max(seq) FROM frames WHERE run = ?1) - (SELECT min(seq) FROM frames WHERE run = ?1) + 1 AS n',
      ),
      rows: db.prepare(`SELECT ${FRAME_COLUMNS} FROM frames WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`),
      deleteRows: db.prepare('DELETE FROM frames WHERE run = ? AND seq <= ?'),
    };
  }

  /** Packs all frames that are due. */
  async run(): Promise<void> {
    for (const run of this.#runsWithRows()) while (await this.#packRows(run));
  }

  #runsWithRows(): number[] {
    const runs: number[] = [];
    for (let run = -1; ; ) {
      const next = (this.#sql.firstRun.get(run) as { run: number | null }).run;
      if (next === null) return runs;
      run = next;
      const { n } = this.#sql.span.get(run) as { n: number };
      if (!this.#skipped.has(run) && (n >= BLOCK_FRAMES || !this.#options.isRunning(run))) runs.push(run);
    }
  }

  /** Packs one block; false if there is nothing to pack. */
  async #packRows(run: number): Promise<boolean> {
    const running = this.#options.isRunning(run);
    const frames = await this.#firstFrames(run);
    if (frames.length === 0 || (running && frames.length < BLOCK_FRAMES)) return false;
    const block = packBlock(run, frames);
    await yieldToEventLoop();
    if (!(await holdsFrames(frames, block))) {
      this.#skipped.add(run);
      throw new Error(
        `The block of run ${run} from frame ${block.firstSeq} on does not decode to the same frames; they stay rows.`,
      );
    }
    this.#options.change(() => {
      this.#blocks.insert(block);
      this.#sql.deleteRows.run(run, block.lastSeq);
    });
    await yieldToEventLoop();
    return true;
  }

  /** The oldest frames that are rows, at most as many as a block has. */
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

/** Whether a block decodes to exactly these frames. */
export async function holdsFrames(frames: readonly EmotionFrame[], block: NewBlock): Promise<boolean> {
  const { seq, frame } = openFrames(block.data, '');
  for (const [row, expected] of frames.entries()) {
    if (row % COMPARED_AT_ONCE === 0) await yieldToEventLoop();
    if (!isDeepStrictEqual(frame(row), expected)) return false;
  }
  return seq.length === frames.length;
}

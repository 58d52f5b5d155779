import { isDeepStrictEqual } from 'node:util';
import type Database from 'libsql';
import type { EmotionFrame } from '../../../types.ts';
import { type BlockInfo, BlockStore, type NewBlock, packBlock } from '../block-store.ts';
import { decodeFrames } from '../codec/decode-block.ts';
import { FRAME_COLUMNS, type FrameRow, rowToFrame } from '../frame-row.ts';
import { turn } from '../turn.ts';

/** Frames of a run that go on as rows until they make a block: two minutes. */
export const SMALL_BLOCK = 240;
/**
 * Frames of a block that stays: 20 minutes. Longer ones are hardly smaller, and take longer to look into;
 * of shorter ones more is lost in the half-empty page at the end of each.
 */
export const LARGE_BLOCK = 2_400;

/** Frames compared between two turns of everything else. */
const COMPARED_AT_ONCE = 60;

export interface CompactorOptions {
  readonly db: Database.Database;
  /** Runs something as one transaction. */
  readonly change: (work: () => void) => void;
  /** Whether frames may still come in this run. */
  readonly isRunning: (run: number) => boolean;
}

/**
 * Moves frames from rows into blocks, and small blocks into large ones. Each move is one transaction, so
 * that at any moment, also after a crash, each frame is in exactly one place. The work in between is cut
 * into slices of some milliseconds. What is packed is unpacked and compared before the rows go.
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
      rows: db.prepare(`SELECT ${FRAME_COLUMNS} FROM frames WHERE run = ? ORDER BY seq LIMIT ?`),
      deleteRows: db.prepare('DELETE FROM frames WHERE run = ? AND seq <= ?'),
    };
  }

  /** Does all there is to do now. */
  async run(): Promise<void> {
    for (const run of this.#runsWithRows()) {
      while (await this.#packRows(run));
      while (await this.#mergeBlocks(run));
    }
  }

  #runsWithRows(): number[] {
    const runs: number[] = [];
    for (let run = -1; ; ) {
      const next = (this.#sql.firstRun.get(run) as { run: number | null }).run;
      if (next === null) return runs;
      run = next;
      const { n } = this.#sql.reach.get(run) as { n: number };
      if (!this.#left.has(run) && (n >= SMALL_BLOCK || !this.#options.isRunning(run))) runs.push(run);
    }
  }

  /** False where there is nothing more to pack. */
  async #packRows(run: number): Promise<boolean> {
    const running = this.#options.isRunning(run);
    const rows = this.#sql.rows.all(run, LARGE_BLOCK) as FrameRow[];
    // A backlog makes large blocks at once; a stream that runs makes small ones.
    const count = rows.length === LARGE_BLOCK || !running ? rows.length : SMALL_BLOCK;
    if (rows.length === 0 || (running && rows.length < SMALL_BLOCK)) return false;
    const frames = rows.slice(0, count).map((row) => rowToFrame('', row));
    const block = await packBlock(run, frames);
    if (!(await this.#comesBack(run, frames, block))) return false;
    this.#options.change(() => {
      this.#blocks.insert(block);
      this.#sql.deleteRows.run(run, block.lastSeq);
    });
    await turn();
    return true;
  }

  /** Makes one large block of the oldest small ones that follow each other; false where none would come of it. */
  async #mergeBlocks(run: number): Promise<boolean> {
    const parts = mergeable(this.#blocks.ofRun(run), !this.#options.isRunning(run));
    if (parts.length === 0) return false;
    const frames: EmotionFrame[] = [];
    for (const { id } of parts) {
      frames.push(...this.#blocks.frames(id));
      await turn();
    }
    const block = await packBlock(run, frames);
    if (!(await this.#comesBack(run, frames, block))) return false;
    this.#options.change(() => {
      for (const { id } of parts) this.#blocks.delete(id);
      this.#blocks.insert(block);
    });
    await turn();
    return true;
  }

  async #comesBack(run: number, frames: readonly EmotionFrame[], block: NewBlock): Promise<boolean> {
    await turn();
    const unpacked = decodeFrames(block.data, '');
    for (let at = 0; at < frames.length; at += COMPARED_AT_ONCE) {
      await turn();
      const end = at + COMPARED_AT_ONCE;
      if (isDeepStrictEqual(unpacked.slice(at, end), frames.slice(at, end))) continue;
      this.#left.add(run);
      throw new Error(
        `Frames of run ${run} from ${frames[at]!.seq} on do not survive being packed; they stay rows.`,
      );
    }
    return true;
  }
}

/**
 * @param ended also what does not fill a large block, since nothing more will come
 * @returns the first blocks in a row that together make up a large one
 */
function mergeable(blocks: readonly BlockInfo[], ended: boolean): readonly BlockInfo[] {
  let parts: BlockInfo[] = [];
  let frames = 0;
  for (const block of blocks) {
    if (frames + block.frames > LARGE_BLOCK) {
      if (parts.length > 1 && (ended || frames > LARGE_BLOCK - SMALL_BLOCK)) return parts;
      parts = [];
      frames = 0;
    }
    parts.push(block);
    frames += block.frames;
    if (frames === LARGE_BLOCK && parts.length > 1) return parts;
  }
  return ended && parts.length > 1 ? parts : [];
}

import type Database from 'libsql';
import type { EmotionFrame } from '../types.ts';
import { decodeFrames, encodeBlock } from './codec/block.ts';
import { blobBytes } from './sql.ts';
import { contains, type TimeRange } from './time-range.ts';

/** A row of the table `blocks` without its bytes. */
export interface BlockInfo {
  readonly id: number;
  readonly run: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Times of the earliest and the latest frame. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly frames: number;
}

/** A block that is ready to be inserted. */
export interface NewBlock extends Omit<BlockInfo, 'id'> {
  readonly data: Uint8Array;
}

const INFO =
  'blocks.id, run, first_seq AS firstSeq, last_seq AS lastSeq, from_ms AS fromMs, to_ms AS toMs, frames';

/** Reads and writes whole blocks, for upkeep and imports. */
export class BlockStore {
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      data: db.prepare('SELECT data FROM blocks WHERE id = ?'),
      insert: db.prepare(
        `INSERT INTO blocks (run, first_seq, last_seq, from_ms, to_ms, frames, data) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ),
      delete: db.prepare('DELETE FROM blocks WHERE id = ?'),
      ofRun: db.prepare(`SELECT ${INFO} FROM blocks WHERE run = ? ORDER BY first_seq`),
      within: db.prepare(
        `SELECT ${INFO} FROM runs CROSS JOIN blocks ON blocks.run = runs.id
         WHERE runs.stream = (SELECT id FROM streams WHERE name = ?) AND to_ms >= ? AND from_ms < ?
           AND (blocks.run, first_seq) > (?, ?) ORDER BY blocks.run, first_seq LIMIT ?`,
      ),
    };
  }

  /** Blocks of a run, in order. */
  ofRun(run: number): BlockInfo[] {
    return this.#sql.ofRun.all(run) as BlockInfo[];
  }

  /** The next `limit` blocks of a stream after block `after` that may have frames in `range`, in order. */
  within(
    stream: string,
    range: TimeRange,
    after: { readonly run: number; readonly firstSeq: number } = { run: -1, firstSeq: -1 },
    limit = 100,
  ): BlockInfo[] {
    const { fromMs, toMs } = range;
    return this.#sql.within.all(stream, fromMs, toMs, after.run, after.firstSeq, limit) as BlockInfo[];
  }

  /**
   * The frames of a block, with '' as their stream.
   *
   * @throws UserError `log-damaged`, `log-too-new`
   */
  frames(id: number): EmotionFrame[] {
    const { data } = this.#sql.data.get(id) as { data: Buffer | ArrayBuffer };
    return decodeFrames(blobBytes(data), '');
  }

  /** Part of the caller's transaction. */
  insert({ run, firstSeq, lastSeq, fromMs, toMs, frames, data }: NewBlock): void {
    this.#sql.insert.run(run, firstSeq, lastSeq, fromMs, toMs, frames, Buffer.from(data));
  }

  /** Part of the caller's transaction. */
  delete(id: number): void {
    this.#sql.delete.run(id);
  }
}

/** Packs frames of one run, at least one, oldest first: about 10 ms for 20 minutes. */
export function packBlock(run: number, frames: readonly EmotionFrame[]): NewBlock {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const { time } of frames) {
    const ms = Date.parse(time);
    fromMs = Math.min(fromMs, ms);
    toMs = Math.max(toMs, ms);
  }
  return {
    run,
    firstSeq: frames[0]!.seq,
    lastSeq: frames.at(-1)!.seq,
    fromMs,
    toMs,
    frames: frames.length,
    data: encodeBlock(frames),
  };
}

/** Packs the frames of a block that are within some ranges of time: a block for each range that has frames. */
export function trimBlock(blocks: BlockStore, block: BlockInfo, ranges: readonly TimeRange[]): NewBlock[] {
  // A frame in two ranges counts in the first.
  return splitBlock(blocks, block, ({ time }) =>
    ranges.findIndex((range) => contains(range, Date.parse(time))),
  );
}

/** Packs the frames of a block in new blocks, one for each series of the same group; group -1 is left out. */
export function splitBlock(
  blocks: BlockStore,
  { id, run }: BlockInfo,
  groupOf: (frame: EmotionFrame) => number,
): NewBlock[] {
  const frames = blocks.frames(id);
  const parts: NewBlock[] = [];
  for (let start = 0; start < frames.length; ) {
    const group = groupOf(frames[start]!);
    let end = start + 1;
    while (end < frames.length && groupOf(frames[end]!) === group) end++;
    if (group >= 0) parts.push(packBlock(run, frames.slice(start, end)));
    start = end;
  }
  return parts;
}

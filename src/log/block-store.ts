import type Database from 'libsql';
import type { EmotionFrame } from '../types.ts';
import { decodeFrames, encodeBlock } from './codec/block.ts';
import { blobBytes } from './frame-reader.ts';
import type { TimeRange } from './time-range.ts';

/** A block of the log without its bytes. */
export interface BlockInfo {
  readonly id: number;
  readonly run: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Of the earliest frame, and of the latest. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly frames: number;
}

/** Frames of one run as a block that is ready to be written. */
export interface NewBlock extends Omit<BlockInfo, 'id'> {
  readonly data: Uint8Array;
}

const INFO =
  'blocks.id, run, first_seq AS firstSeq, last_seq AS lastSeq, from_ms AS fromMs, to_ms AS toMs, frames';

/** Reads and writes blocks as a whole, for those who keep the log in order. */
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

  ofRun(run: number): BlockInfo[] {
    return this.#sql.ofRun.all(run) as BlockInfo[];
  }

  /** Blocks of a stream with frames between two times, in order, `limit` at most, after `after`. */
  within(
    stream: string,
    range: { readonly fromMs: number; readonly toMs: number },
    after: { readonly run: number; readonly firstSeq: number } = { run: -1, firstSeq: -1 },
    limit = 100,
  ): BlockInfo[] {
    const { fromMs, toMs } = range;
    return this.#sql.within.all(stream, fromMs, toMs, after.run, after.firstSeq, limit) as BlockInfo[];
  }

  frames(id: number): EmotionFrame[] {
    const { data } = this.#sql.data.get(id) as { data: Buffer | ArrayBuffer };
    return decodeFrames(blobBytes(data), '');
  }

  /** In the caller's transaction. */
  insert({ run, firstSeq, lastSeq, fromMs, toMs, frames, data }: NewBlock): void {
    this.#sql.insert.run(run, firstSeq, lastSeq, fromMs, toMs, frames, Buffer.from(data));
  }

  /** In the caller's transaction. */
  delete(id: number): void {
    this.#sql.delete.run(id);
  }
}

/** Packs frames of one run, oldest first: some 10 ms for 20 minutes. */
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

/** What is left of a block where only some ranges of time stay: a block for each range that has frames in it. */
export function trimBlock(
  blocks: BlockStore,
  { id, run }: BlockInfo,
  stays: readonly TimeRange[],
): NewBlock[] {
  const frames = blocks.frames(id);
  // A frame in two ranges goes with the first.
  const rangeOf = (time: string) => {
    const ms = Date.parse(time);
    return stays.findIndex(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
  };
  const parts: NewBlock[] = [];
  for (let start = 0; start < frames.length; ) {
    const range = rangeOf(frames[start]!.time);
    let end = start + 1;
    while (end < frames.length && rangeOf(frames[end]!.time) === range) end++;
    if (range >= 0) parts.push(packBlock(run, frames.slice(start, end)));
    start = end;
  }
  return parts;
}

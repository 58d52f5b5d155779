import type Database from 'libsql';
import { MOODS } from '../mood.ts';
import type { EmotionFrame } from '../types.ts';
import { decodeSteps, type OpenFrames, openFrames, type StepColumns } from './codec/block.ts';
import { FRAME_COLUMNS, type FrameRow, rowToFrame } from './frame-row.ts';
import { blobBytes } from './sql.ts';
import { ALL_SEQS, ALL_TIME, contains, type TimeRange } from './time-range.ts';

/** Consecutive frames of one run, and where the next page begins. */
export interface Page<T> {
  readonly content: T;
  /** The newest `seq` that was read; the content may end earlier, at the end of the range. */
  readonly lastSeq: number;
}

interface BlockRow {
  readonly id: number;
  readonly last_seq: number;
}

/** Maximum number of frames of a page. */
const PAGE_ROWS = 400;
/** Decoded blocks that are cached, because a block is read in several pages. */
const CACHED_BLOCKS = 2;

/**
 * Reads the frames of a run, of which the older ones are in blocks and the newest are rows. Between two calls, frames
 * may move from rows to blocks. The frames after a given `seq` are still found, because all blocks of a run come before
 * its rows.
 */
export class FrameReader {
  readonly #sql;
  /** By id; ids are never reused. */
  readonly #opened = new Map<number, OpenFrames>();

  constructor(db: Database.Database) {
    this.#sql = {
      runsWith: db.prepare(
        `SELECT id FROM runs WHERE stream = (SELECT id FROM streams WHERE name = ?) AND (
           EXISTS (SELECT 1 FROM blocks WHERE run = runs.id AND to_ms >= ? AND from_ms < ?)
           OR EXISTS (SELECT 1 FROM frames WHERE run = runs.id)) ORDER BY id`,
      ),
      blockAfter: db.prepare(
        `SELECT id, last_seq FROM blocks
         WHERE run = ? AND last_seq > ? AND to_ms >= ? AND from_ms < ? ORDER BY first_seq LIMIT 1`,
      ),
      data: db.prepare('SELECT data FROM blocks WHERE id = ?'),
      rowsAfter: db.prepare(
        `SELECT ${FRAME_COLUMNS} FROM frames WHERE run = ? AND seq > ? ORDER BY seq LIMIT ${PAGE_ROWS}`,
      ),
      lastRow: db.prepare('SELECT max(seq) AS seq FROM frames WHERE run = ?'),
      lastBlock: db.prepare(
        'SELECT last_seq AS seq FROM blocks WHERE run = ? ORDER BY first_seq DESC LIMIT 1',
      ),
    };
  }

  /** Runs of a stream that may have frames in `range`, in order. */
  runsWith(stream: string, range: TimeRange): number[] {
    const rows = this.#sql.runsWith.all(stream, range.fromMs, range.toMs) as { id: number }[];
    return rows.map(({ id }) => id);
  }

  /** `seq` of the newest frame of a run; -1 if it has none. */
  lastSeq(run: number): number {
    const { seq } = this.#sql.lastRow.get(run) as { seq: number | null };
    return seq ?? (this.#sql.lastBlock.get(run) as { seq: number } | undefined)?.seq ?? -1;
  }

  /**
   * The next frames of a run after `seq` that are in `range`, in order, at most 400; undefined at the end.
   *
   * @throws UserError `log-damaged`, `log-too-new`
   */
  framesAfter(
    stream: string,
    run: number,
    seq: number,
    range: TimeRange = ALL_TIME,
  ): Page<EmotionFrame[]> | undefined {
    const { from, end } = range.seqs?.(run) ?? ALL_SEQS;
    if (seq + 1 >= end) return undefined;
    const after = Math.max(seq, from - 1);
    const block = this.#blockAfter(run, after, range);
    if (block) {
      const opened = this.#open(block.id, stream);
      const content: EmotionFrame[] = [];
      let row = opened.seq.findLastIndex((one) => one <= after) + 1;
      for (; row < opened.seq.length && content.length < PAGE_ROWS; row++)
        if (opened.seq[row]! < end && contains(range, opened.timeMs[row]!)) content.push(opened.frame(row));
      return { content, lastSeq: row < opened.seq.length ? opened.seq[row - 1]! : block.last_seq };
    }
    const rows = this.#sql.rowsAfter.all(run, after) as FrameRow[];
    const last = rows.at(-1);
    if (!last) return undefined;
    const content = rows
      .filter((row) => row.seq < end && contains(range, row.time_ms))
      .map((row) => rowToFrame(stream, row));
    return { content, lastSeq: last.seq };
  }

  /** The same for buckets: only the columns that they need, and also steps of the page outside `range`. */
  stepsAfter(run: number, seq: number, range: TimeRange): Page<StepColumns> | undefined {
    const { from, end } = range.seqs?.(run) ?? ALL_SEQS;
    if (seq + 1 >= end) return undefined;
    const after = Math.max(seq, from - 1);
    const block = this.#blockAfter(run, after, range);
    if (block) return { content: decodeSteps(this.#data(block.id)), lastSeq: block.last_seq };
    const rows = this.#sql.rowsAfter.all(run, after) as FrameRow[];
    const last = rows.at(-1);
    return last && { content: rowsToSteps(rows), lastSeq: last.seq };
  }

  #blockAfter(run: number, seq: number, range: TimeRange): BlockRow | undefined {
    return this.#sql.blockAfter.get(run, seq, range.fromMs, range.toMs) as BlockRow | undefined;
  }

  #open(id: number, stream: string): OpenFrames {
    let opened = this.#opened.get(id);
    if (!opened) {
      opened = openFrames(this.#data(id), stream);
      this.#opened.set(id, opened);
      for (const oldest of this.#opened.keys()) {
        if (this.#opened.size <= CACHED_BLOCKS) break;
        this.#opened.delete(oldest);
      }
    }
    return opened;
  }

  #data(id: number): Uint8Array {
    return blobBytes((this.#sql.data.get(id) as { data: Buffer | ArrayBuffer }).data);
  }
}

/** Rows of the table `frames` in the form that blocks are decoded to. */
function rowsToSteps(rows: readonly FrameRow[]): StepColumns {
  const numbers = (of: (row: FrameRow) => number | null) =>
    Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
  return {
    seq: numbers((row) => row.seq),
    timeMs: numbers((row) => row.time_ms),
    activity: Uint16Array.from(rows, (row) => row.activity),
    moods: MOODS,
    mood: Uint16Array.from(rows, (row) => (MOODS as readonly (string | null)[]).indexOf(row.mood) + 1),
    valence: numbers((row) => row.valence),
    arousal: numbers((row) => row.arousal),
    loudness: numbers((row) => row.loudness),
    confidence: numbers((row) => row.confidence),
  };
}

import type Database from 'libsql';
import { MOODS } from '../mood.ts';
import type { EmotionFrame } from '../types.ts';
import { decodeSteps, type OpenFrames, openFrames, type StepColumns } from './codec/block.ts';
import { FRAME_COLUMNS, type FrameRow, rowToFrame } from './frame-row.ts';
import { ALL_TIME, type TimeRange } from './time-range.ts';

/** Frames of one run that follow each other, and where to go on after them. */
export interface Stretch<T> {
  readonly content: T;
  /** The newest `seq` that was looked at; the content may end before it, where `range` cut it off. */
  readonly lastSeq: number;
}

interface BlockRow {
  readonly id: number;
  readonly last_seq: number;
}

/** Frames made at once. */
const PAGE_ROWS = 400;
/** Open blocks that are kept: whoever reads one does so page by page. */
const KEPT_BLOCKS = 2;

/**
 * The frames of a run wherever they are: the older ones in blocks, the newest as rows. They move from the
 * one to the other at any time between two calls; but what follows a given `seq` is always found, since
 * every block of a run comes before all its rows.
 */
export class FrameReader {
  readonly #sql;
  /** By id, which no other block ever gets. */
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

  /** Numbers of the stream's runs that have frames in `range`, and of some that may have. */
  runsWith(stream: string, range: TimeRange): number[] {
    const rows = this.#sql.runsWith.all(stream, range.fromMs, range.toMs) as { id: number }[];
    return rows.map(({ id }) => id);
  }

  /** -1 where the run has no frames. */
  lastSeq(run: number): number {
    const { seq } = this.#sql.lastRow.get(run) as { seq: number | null };
    return seq ?? (this.#sql.lastBlock.get(run) as { seq: number } | undefined)?.seq ?? -1;
  }

  /** The next frames of a run after `seq`, in order; undefined where there are none. */
  framesAfter(
    stream: string,
    run: number,
    seq: number,
    range: TimeRange = ALL_TIME,
  ): Stretch<EmotionFrame[]> | undefined {
    const inRange = (ms: number) => ms >= range.fromMs && ms < range.toMs;
    const block = this.#blockAfter(run, seq, range);
    if (block) {
      const opened = this.#open(block.id, stream);
      const content: EmotionFrame[] = [];
      let row = opened.seq.findLastIndex((one) => one <= seq) + 1;
      for (; row < opened.seq.length && content.length < PAGE_ROWS; row++)
        if (inRange(opened.timeMs[row]!)) content.push(opened.frame(row));
      return { content, lastSeq: row < opened.seq.length ? opened.seq[row - 1]! : block.last_seq };
    }
    const rows = this.#sql.rowsAfter.all(run, seq) as FrameRow[];
    const last = rows.at(-1);
    if (!last) return undefined;
    const content = rows.filter((row) => inRange(row.time_ms)).map((row) => rowToFrame(stream, row));
    return { content, lastSeq: last.seq };
  }

  /** The same for buckets, without the parts of frames that they do not need. Steps outside `range` may be among them. */
  stepsAfter(run: number, seq: number, range: TimeRange): Stretch<StepColumns> | undefined {
    const block = this.#blockAfter(run, seq, range);
    if (block) return { content: decodeSteps(this.#data(block.id)), lastSeq: block.last_seq };
    const rows = this.#sql.rowsAfter.all(run, seq) as FrameRow[];
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
        if (this.#opened.size <= KEPT_BLOCKS) break;
        this.#opened.delete(oldest);
      }
    }
    return opened;
  }

  #data(id: number): Uint8Array {
    return blobBytes((this.#sql.data.get(id) as { data: Buffer | ArrayBuffer }).data);
  }
}

/** libsql gives a Buffer for one row and an ArrayBuffer for many. */
export function blobBytes(blob: Buffer | ArrayBuffer): Uint8Array {
  return blob instanceof ArrayBuffer ? new Uint8Array(blob) : blob;
}

/** Rows of the newest frames, as blocks give them for buckets. */
export function rowsToSteps(rows: readonly FrameRow[]): StepColumns {
  const numbers = (of: (row: FrameRow) => number | null) =>
    Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
  return {
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

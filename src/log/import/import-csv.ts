import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { csvHeader } from '../../csv.ts';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { decodeTextStream } from '../../util/text.ts';
import { BlockStore, packBlock } from '../block-store.ts';
import type { LogDatabase } from '../database.ts';
import { codeOf, reasonOf } from '../database-error.ts';
import { FrameReader } from '../frame-reader.ts';
import { RollupWriter } from '../rollup/rollup-writer.ts';
import { stepOf } from '../rollup/steps.ts';
import { BLOCK_FRAMES } from '../upkeep/compactor.ts';
import { CellError, columnsOf, frameOfLine } from './frame-line.ts';

interface Imported {
  readonly frames: number;
  readonly runs: number;
}

type Columns = NonNullable<ReturnType<typeof columnsOf>>;

/**
 * Imports the frames of a CSV file that undertone wrote, as runs of a stream: all of them, or none if a line is invalid
 * or the stream already has frames in that time. A `seq` that does not increase begins a new run. Memory use does not
 * depend on the size of the file.
 *
 * @throws UserError `cannot-read`, `bad-csv`, `import-overlap`, `log-failed`
 */
export async function importCsv({ db }: LogDatabase, file: string, stream: string): Promise<Imported> {
  const importer = new Importer(db, stream, file);
  try {
    db.exec('BEGIN IMMEDIATE');
    for await (const frame of framesOf(file, stream)) importer.add(frame);
    const imported = importer.finish();
    db.exec('COMMIT');
    return imported;
  } catch (cause) {
    if (db.inTransaction) db.exec('ROLLBACK');
    if (!codeOf(cause).startsWith('SQLITE_')) throw cause;
    const message = `The log cannot be written (${reasonOf(cause)}): nothing was imported. Free disk space and try again.`;
    throw new UserError('log-failed', message, { cause });
  }
}

async function* framesOf(file: string, stream: string): AsyncGenerator<EmotionFrame> {
  const lines = createInterface({
    input: Readable.from(decodeTextStream(bytesOf(file))),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let columns: Columns | undefined;
  let number = 0;
  for await (const line of lines) {
    number++;
    if (!columns) columns = headerOf(line, file);
    else if (line !== '') yield parse(line, number, columns, { file, stream });
  }
  if (!columns) throw wrongHeader(file);
}

/** A folder can be opened, but not read. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message = `${file} cannot be read (${code}): name a CSV file that "undertone export" has written.`;
    throw new UserError('cannot-read', message, { cause });
  }
}

function headerOf(line: string, file: string): Columns {
  const columns = columnsOf(line);
  if (!columns) throw wrongHeader(file);
  return columns;
}

const wrongHeader = (file: string): UserError =>
  new UserError(
    'bad-csv',
    `${file}, line 1: expected the header that "undertone export --resolution step --format csv" writes (${csvHeader().split(',', 4).join(',')},…).`,
  );

function parse(
  line: string,
  number: number,
  columns: Columns,
  { file, stream }: { file: string; stream: string },
): EmotionFrame {
  try {
    return frameOfLine(stream, columns, line);
  } catch (cause) {
    if (!(cause instanceof CellError)) throw cause;
    const message = `${file}, line ${number}, column ${cause.column}: ${cause.message}; nothing was imported.`;
    throw new UserError('bad-csv', message, { cause });
  }
}

/** Writes frames in blocks, within the caller's transaction. */
class Importer {
  readonly #stream: string;
  readonly #sql;
  readonly #blocks: BlockStore;
  readonly #reader: FrameReader;
  readonly #rollups: RollupWriter;
  readonly #source: string;
  #streamId = -1;
  #run = -1;
  #firstRun: number | undefined;
  #runs = 0;
  #frames = 0;
  #fromMs = Number.POSITIVE_INFINITY;
  #toMs = Number.NEGATIVE_INFINITY;
  #waiting: EmotionFrame[] = [];

  constructor(db: LogDatabase['db'], stream: string, file: string) {
    this.#stream = stream;
    this.#source = `import:${file}`;
    this.#blocks = new BlockStore(db);
    this.#reader = new FrameReader(db);
    this.#rollups = new RollupWriter(db);
    this.#sql = {
      addStream: db.prepare('INSERT OR IGNORE INTO streams (name) VALUES (?)'),
      streamId: db.prepare('SELECT id FROM streams WHERE name = ?'),
      nextRun: db.prepare('SELECT coalesce(max(id), 0) + 1 AS id FROM runs'),
      addRun: db.prepare('INSERT INTO runs (id, stream, source, model, started_ms) VALUES (?, ?, ?, ?, ?)'),
    };
  }

  add(frame: EmotionFrame): void {
    const ms = Date.parse(frame.time);
    const last = this.#waiting.at(-1);
    if (this.#runs === 0 || (last && frame.seq <= last.seq)) this.#newRun(ms);
    this.#fromMs = Math.min(this.#fromMs, ms);
    this.#toMs = Math.max(this.#toMs, ms);
    this.#waiting.push(frame);
    this.#frames++;
    // One frame stays, because the `seq` of the next is compared with it.
    if (this.#waiting.length > BLOCK_FRAMES) this.#write(BLOCK_FRAMES);
  }

  finish(): Imported {
    this.#write(this.#waiting.length);
    this.#rollups.write();
    if (this.#frames > 0) this.#refuseOverlap();
    return { frames: this.#frames, runs: this.#runs };
  }

  #newRun(startedMs: number): void {
    this.#write(this.#waiting.length);
    if (this.#runs++ === 0) {
      this.#sql.addStream.run(this.#stream);
      this.#streamId = (this.#sql.streamId.get(this.#stream) as { id: number }).id;
    }
    this.#run = (this.#sql.nextRun.get() as { id: number }).id;
    this.#sql.addRun.run(this.#run, this.#streamId, this.#source, 'import', startedMs);
    this.#firstRun ??= this.#run;
  }

  #write(count: number): void {
    if (count === 0) return;
    const frames = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#blocks.insert(packBlock(this.#run, frames));
    for (const frame of frames) this.#rollups.add(this.#streamId, Date.parse(frame.time), stepOf(frame));
  }

  /** Rollups would count the same time twice. */
  #refuseOverlap(): void {
    const range = { fromMs: this.#fromMs, toMs: this.#toMs + 1 };
    for (const run of this.#reader.runsWith(this.#stream, range)) {
      if (run >= this.#firstRun!) continue;
      for (let seq = -1; ; ) {
        const page = this.#reader.framesAfter(this.#stream, run, seq, range);
        if (!page) break;
        if (page.content.length > 0) {
          const message = `The log has frames of "${this.#stream}" at ${page.content[0]!.time} already: nothing was imported. Use another name with --stream.`;
          throw new UserError('import-overlap', message);
        }
        seq = page.lastSeq;
      }
    }
  }
}

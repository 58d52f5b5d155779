import type Database from 'libsql';
import type { EmotionFrame } from '../../types.ts';
import { RollupWriter } from '../rollup/rollup-writer.ts';
import { toStep } from '../rollup/steps.ts';
import { rollupColumns } from './rollup-columns.ts';

/** The columns of rollup/sums.ts at this step. */
const SUMS = `
    frames REAL NOT NULL, music REAL NOT NULL, speech REAL NOT NULL, silence REAL NOT NULL,
    felt REAL NOT NULL,
    valence REAL NOT NULL, valence_squares REAL NOT NULL, valence_min REAL NOT NULL, valence_max REAL NOT NULL,
    arousal REAL NOT NULL, arousal_squares REAL NOT NULL, arousal_min REAL NOT NULL, arousal_max REAL NOT NULL,
    heard REAL NOT NULL, loudness REAL NOT NULL, confidence REAL NOT NULL,
    mood_happy REAL NOT NULL, mood_excited REAL NOT NULL, mood_energetic REAL NOT NULL,
    mood_tense REAL NOT NULL, mood_gloomy REAL NOT NULL, mood_sad REAL NOT NULL,
    mood_subdued REAL NOT NULL, mood_calm REAL NOT NULL, mood_neutral REAL NOT NULL`;

/**
 * Older frames move from rows to blocks (codec/), a sixth of the size. Statistics of whole minutes, hours and days
 * are stored in rollups.
 *
 * `rollups` has the finished buckets; `open_rollups` has the buckets that still get frames, one for each stream and
 * level, so that a commit changes one page and not one for each level and stream. A bucket that is reopened (a clock
 * was set back) can have a row in both; its statistics are both together. The columns are REAL because sums of squares
 * exceed 53 bits; SQLite stores whole numbers in such columns as small integers.
 *
 * Existing frames become blocks later, in the background.
 */
const TABLES = `
  CREATE TABLE blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: readers cache decoded blocks by it
    run INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,             -- time of the earliest frame, and of the latest
    to_ms INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    data BLOB NOT NULL                    -- codec/block.ts
  );
  CREATE INDEX blocks_by_place ON blocks (run, first_seq, last_seq, from_ms, to_ms, frames);

  CREATE TABLE rollups (
    stream INTEGER NOT NULL,
    level INTEGER NOT NULL,               -- length of the bucket in ms
    bucket INTEGER NOT NULL,              -- its start in ms, divided by its length
    ${SUMS.trim()},
    PRIMARY KEY (stream, level, bucket)
  ) WITHOUT ROWID;

  CREATE TABLE open_rollups (
    stream INTEGER NOT NULL,
    level INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    ${SUMS.trim()},
    PRIMARY KEY (stream, level)
  ) WITHOUT ROWID;

  DROP INDEX IF EXISTS frames_by_time;    -- few frames are rows now, and queries know their run
`;

export function blocksAndRollups(db: Database.Database): void {
  db.exec(TABLES);
  rollupColumns(db); // the writer of today needs its columns
  rollUpFrames(db);
}

interface Row extends Pick<EmotionFrame, 'seq' | 'mood' | 'valence' | 'arousal' | 'loudness' | 'confidence'> {
  readonly run: number;
  readonly stream: number;
  readonly time_ms: number;
  readonly activity: number;
}

const PAGE_ROWS = 5_000;

/** Computes the rollups from the rows of the table `frames`. */
function rollUpFrames(db: Database.Database): void {
  const rollups = new RollupWriter(db);
  const page = db.prepare(
    `SELECT run, seq, stream, time_ms, activity, mood, valence, arousal, loudness, confidence
     FROM frames JOIN runs ON runs.id = frames.run
     WHERE (run, seq) > (?, ?) ORDER BY run, seq LIMIT ${PAGE_ROWS}`,
  );
  let last: { readonly run: number; readonly seq: number } | undefined = { run: -1, seq: -1 };
  while (last) {
    const rows = page.all(last.run, last.seq) as Row[];
    for (const row of rows) rollups.add(row.stream, row.time_ms, toStep(row.activity, row));
    last = rows.at(-1);
  }
  rollups.write();
}

/**
 * From this step on, blocks have version 2 (codec/block.ts). Repacking a year of a stream takes minutes, so this step
 * only records which blocks are old. Upkeep repacks some of them every few seconds (upkeep/repacker.ts); until then,
 * both versions are read.
 */
export const OLD_BLOCKS = `
  CREATE TABLE old_blocks (id INTEGER PRIMARY KEY);
  INSERT INTO old_blocks SELECT id FROM blocks;
`;

import type Database from 'libsql';
import { rollUpFrames } from '../rollup/rollup-writer.ts';

/** As sums.ts has them at this step. */
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
 * Frames that time has passed move from rows to blocks (codec/), a sixth of the size. What is known of
 * whole minutes, hours and days is kept in rollups.
 *
 * `rollups` has the buckets that are over; `open_rollups` those that frames still come into, one for each
 * stream and level, so that a commit touches one page and not one for each level and stream. A bucket that
 * is open again (a clock was set back) may have a row in each: what it holds is both together. REAL, since
 * sums of squares outgrow 53 bits; SQLite stores whole numbers in such columns as small integers.
 *
 * Frames that are there already become blocks in the background later on.
 */
const TABLES = `
  CREATE TABLE blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: readers keep what they decoded by it
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

  DROP INDEX IF EXISTS frames_by_time;    -- few frames are rows now, and their run is known
`;

export function blocksAndRollups(db: Database.Database): void {
  db.exec(TABLES);
  rollUpFrames(db);
}

/**
 * Blocks are packed by another codec from this step on (codec/block.ts). A year of a stream takes minutes to pack
 * anew, so this only notes which blocks are old: upkeep packs some of them every few seconds (upkeep/repacker.ts), and
 * both kinds are read meanwhile.
 */
export const OLD_BLOCKS = `
  CREATE TABLE old_blocks (id INTEGER PRIMARY KEY);
  INSERT INTO old_blocks SELECT id FROM blocks;
`;

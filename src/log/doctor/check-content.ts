import type Database from 'libsql';
import { decodeFrames } from '../codec/block.ts';
import { blobBytes } from '../sql.ts';
import { type Finding, fault, many, note, ok } from './finding.ts';

/** Blocks that are decoded if not all are. */
const SAMPLED_BLOCKS = 200;

/** Runs SQLite's own check of pages and indexes. */
export function checkDatabase(db: Database.Database, full: boolean): Finding {
  const check = 'database';
  const pragma = full ? 'integrity_check' : 'quick_check';
  const errors = databaseErrors(db, pragma);
  if (errors.length === 0) return ok(check, `SQLite's ${pragma.replace('_', ' ')} found no errors.`);
  return fault(
    check,
    `The file is damaged (${errors[0]}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}): stop the server and restore a backup.`,
  );
}

function databaseErrors(db: Database.Database, pragma: string): string[] {
  try {
    const rows = db.prepare(`PRAGMA ${pragma}`).all() as Record<string, string>[];
    return rows.map((row) => row[pragma]!).filter((text) => text !== 'ok');
  } catch (error) {
    return [(error as Error).message]; // So damaged that the check itself fails.
  }
}

/** Frames, blocks and events must belong to a run, and runs to a stream. */
export function checkRuns(db: Database.Database): Finding {
  const check = 'runs';
  const count = (sql: string) => (db.prepare(sql).get() as { n: number }).n;
  const orphaned = ['frames', 'blocks', 'events'].filter(
    (table) =>
      count(
        `SELECT count(*) AS n FROM (SELECT DISTINCT run FROM ${table}) WHERE run NOT IN (SELECT id FROM runs)`,
      ) > 0,
  );
  if (count('SELECT count(*) AS n FROM runs WHERE stream NOT IN (SELECT id FROM streams)') > 0)
    orphaned.push('runs');
  if (count('SELECT count(*) AS n FROM tracks WHERE stream NOT IN (SELECT id FROM streams)') > 0)
    orphaned.push('tracks');
  if (orphaned.length > 0)
    return fault(check, `Some ${orphaned.join(' and ')} belong to no run or stream: restore a backup.`);
  const runs = count('SELECT count(*) AS n FROM runs');
  const empty = count(
    'SELECT count(*) AS n FROM runs WHERE NOT EXISTS (SELECT 1 FROM frames WHERE run = runs.id) AND NOT EXISTS (SELECT 1 FROM blocks WHERE run = runs.id)',
  );
  if (empty === 0) return ok(check, `${many(runs, 'run')}, all with frames.`);
  return note(
    check,
    `${many(empty, 'run')} of ${runs} without a frame: nothing was received, or the frames were dropped or erased.`,
  );
}

interface BlockRow {
  readonly id: number;
  readonly run: number;
  readonly first: number;
  readonly last: number;
  readonly frames: number;
}

/** Decodes all blocks, or a sample spread over all of them. */
export function checkBlocks(db: Database.Database, full: boolean): Finding {
  const check = 'frames';
  const rows = db
    .prepare('SELECT id, run, first_seq AS first, last_seq AS last, frames FROM blocks ORDER BY id')
    .all() as BlockRow[];
  const data = db.prepare('SELECT data FROM blocks WHERE id = ?');
  const stride = full ? 1 : Math.max(1, Math.floor(rows.length / SAMPLED_BLOCKS));
  const bad: BlockRow[] = [];
  let checked = 0;
  for (let i = 0; i < rows.length; i += stride) {
    const row = rows[i]!;
    checked++;
    if (!isIntact(row, (data.get(row.id) as { data: Buffer | ArrayBuffer }).data)) bad.push(row);
  }
  if (bad.length === 0) return ok(check, `Checked ${checked} of ${many(rows.length, 'block')}: no damage.`);
  const { run, first, last } = bad[0]!;
  const rest = bad.length > 1 ? `, and ${many(bad.length - 1, 'other block')}` : '';
  return fault(
    check,
    `Frames ${first} to ${last} of run ${run}${rest} cannot be read: restore a backup, or continue without these frames.`,
  );
}

function isIntact({ first, last, frames }: BlockRow, data: Buffer | ArrayBuffer): boolean {
  try {
    const content = decodeFrames(blobBytes(data), '');
    return content.length === frames && content[0]?.seq === first && content.at(-1)?.seq === last;
  } catch {
    return false;
  }
}

/** Looks for frames that are missing within a run, and for frames that are stored twice. */
export function checkGaps(db: Database.Database): Finding {
  const check = 'gaps';
  // Each group of frames, with the last frame of the group before it in the same run.
  const groups = `
    SELECT run, first_seq AS first, lag(last_seq) OVER (PARTITION BY run ORDER BY first_seq) AS before,
           last_seq - first_seq + 1 - frames AS holes FROM blocks
    UNION ALL
    SELECT run, min(seq), (SELECT max(last_seq) FROM blocks WHERE blocks.run = frames.run),
           max(seq) - min(seq) + 1 - count(*) FROM frames GROUP BY run`;
  const { missing, twice } = db
    .prepare(
      `SELECT coalesce(sum(holes + max(0, coalesce(first - before - 1, 0))), 0) AS missing,
              coalesce(sum(first <= before), 0) AS twice FROM (${groups})`,
    )
    .get() as { missing: number; twice: number };
  if (twice > 0) return fault(check, `Frames are stored twice in ${many(twice, 'place')}: restore a backup.`);
  if (missing === 0) return ok(check, 'No frame is missing within a run.');
  return note(
    check,
    `${many(missing, 'frame')} ${missing === 1 ? 'is' : 'are'} missing within a run: not written while the disk was full, erased, or dropped around a session that is kept.`,
  );
}

import type Database from 'libsql';
import { decodeFrames } from '../codec/block.ts';
import { blobBytes } from '../frame-reader.ts';
import { type Finding, fault, many, note, ok } from './finding.ts';

/** Blocks that are looked into where not all are. */
const SAMPLED_BLOCKS = 200;

/** SQLite's own check of pages and indexes. */
export function checkDatabase(db: Database.Database, full: boolean): Finding {
  const check = 'database';
  const pragma = full ? 'integrity_check' : 'quick_check';
  const faults = databaseFaults(db, pragma);
  if (faults.length === 0) return ok(check, `SQLite's ${pragma.replace('_', ' ')} found nothing.`);
  return fault(
    check,
    `The file is damaged (${faults[0]}${faults.length > 1 ? `, and ${faults.length - 1} more` : ''}): stop the server and put a backup in its place.`,
  );
}

function databaseFaults(db: Database.Database, pragma: string): string[] {
  try {
    const rows = db.prepare(`PRAGMA ${pragma}`).all() as Record<string, string>[];
    return rows.map((row) => row[pragma]!).filter((text) => text !== 'ok');
  } catch (error) {
    return [(error as Error).message]; // So damaged that not even the check comes to its end.
  }
}

export function checkRuns(db: Database.Database): Finding {
  const check = 'runs';
  const count = (sql: string) => (db.prepare(sql).get() as { n: number }).n;
  const lost = ['frames', 'blocks', 'events'].filter(
    (table) =>
      count(
        `SELECT count(*) AS n FROM (SELECT DISTINCT run FROM ${table}) WHERE run NOT IN (SELECT id FROM runs)`,
      ) > 0,
  );
  const nowhere = count('SELECT count(*) AS n FROM runs WHERE stream NOT IN (SELECT id FROM streams)');
  if (lost.length > 0 || nowhere > 0) {
    return fault(
      check,
      `There are ${[...lost, ...(nowhere > 0 ? ['runs'] : [])].join(' and ')} that belong to nothing: put a backup in the place of the log.`,
    );
  }
  const runs = count('SELECT count(*) AS n FROM runs');
  const empty = count(
    'SELECT count(*) AS n FROM runs WHERE NOT EXISTS (SELECT 1 FROM frames WHERE run = runs.id) AND NOT EXISTS (SELECT 1 FROM blocks WHERE run = runs.id)',
  );
  if (empty === 0) return ok(check, `${many(runs, 'run')}, all with frames.`);
  return note(
    check,
    `${many(empty, 'run')} of ${runs} without a frame: nothing was heard, or it was dropped or erased.`,
  );
}

interface BlockRow {
  readonly id: number;
  readonly run: number;
  readonly first: number;
  readonly last: number;
  readonly frames: number;
}

/** Looks into blocks: all, or some spread over all. */
export function checkBlocks(db: Database.Database, full: boolean): Finding {
  const check = 'frames';
  const rows = db
    .prepare('SELECT id, run, first_seq AS first, last_seq AS last, frames FROM blocks ORDER BY id')
    .all() as BlockRow[];
  const data = db.prepare('SELECT data FROM blocks WHERE id = ?');
  const stride = full ? 1 : Math.max(1, Math.floor(rows.length / SAMPLED_BLOCKS));
  const bad: BlockRow[] = [];
  let looked = 0;
  for (let i = 0; i < rows.length; i += stride) {
    const row = rows[i]!;
    looked++;
    if (!isSound(row, (data.get(row.id) as { data: Buffer | ArrayBuffer }).data)) bad.push(row);
  }
  if (bad.length === 0)
    return ok(
      check,
      `${looked === rows.length ? `All ${rows.length}` : `${looked} of ${rows.length}`} blocks are sound.`,
    );
  const { run, first, last } = bad[0]!;
  const rest = bad.length > 1 ? `, and ${many(bad.length - 1, 'other block')}` : '';
  return fault(
    check,
    `Frames ${first} to ${last} of run ${run}${rest} cannot be read any more: put a backup in the place of the log, or live without them.`,
  );
}

function isSound({ first, last, frames }: BlockRow, data: Buffer | ArrayBuffer): boolean {
  try {
    const content = decodeFrames(blobBytes(data), '');
    return content.length === frames && content[0]?.seq === first && content.at(-1)?.seq === last;
  } catch {
    return false;
  }
}

/** Frames that are missing between others of their run, and frames that are there twice. */
export function checkGaps(db: Database.Database): Finding {
  const check = 'gaps';
  // Each stretch with the end of the one before it in the same run.
  const stretches = `
    SELECT run, first_seq AS first, lag(last_seq) OVER (PARTITION BY run ORDER BY first_seq) AS before,
           last_seq - first_seq + 1 - frames AS holes FROM blocks
    UNION ALL
    SELECT run, min(seq), (SELECT max(last_seq) FROM blocks WHERE blocks.run = frames.run),
           max(seq) - min(seq) + 1 - count(*) FROM frames GROUP BY run`;
  const { missing, twice } = db
    .prepare(
      `SELECT coalesce(sum(holes + max(0, coalesce(first - before - 1, 0))), 0) AS missing,
              coalesce(sum(first <= before), 0) AS twice FROM (${stretches})`,
    )
    .get() as { missing: number; twice: number };
  if (twice > 0)
    return fault(
      check,
      `Frames are there twice in ${many(twice, 'place')}: put a backup in the place of the log.`,
    );
  if (missing === 0) return ok(check, 'No frame is missing between others.');
  return note(
    check,
    `${many(missing, 'frame')} ${missing === 1 ? 'is' : 'are'} missing between others: dropped while the disk was full, erased, or dropped outside a session that is kept.`,
  );
}

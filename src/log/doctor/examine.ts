import { type LogDatabase, openReadOnly } from '../database.ts';
import { FrameReader } from '../frame-reader.ts';
import { streamNames } from '../history.ts';
import { MIGRATIONS, schemaVersion } from '../migrations.ts';
import { RollupRepair } from '../rollup/rollup-repair.ts';
import { FINEST_MS } from '../rollup/sums.ts';
import { transaction } from '../sql.ts';
import { ALL_TIME } from '../time-range.ts';
import { checkBlocks, checkDatabase, checkGaps, checkRuns } from './check-content.ts';
import { checkFiles } from './check-files.ts';
import { checkRollups, minutesOfSteps, storedSums, tellsOf } from './check-rollups.ts';
import { type Finding, fault, note, ok } from './finding.ts';

export interface Examination {
  /** The database file. */
  readonly file: string;
  readonly passphrase?: string | undefined;
  /** Every page, block and minute instead of samples. */
  readonly full?: boolean;
}

/** All checks of a log, which is only read; also while a server writes it. */
export function examine({ file, passphrase, full = false }: Examination): Finding[] {
  const log = openReadOnly(file, { passphrase });
  const { db } = log;
  try {
    const findings = [
      ...checkFiles(file),
      ok('encryption', log.key === undefined ? 'None.' : 'By passphrase.'),
    ];
    const version = checkVersion(schemaVersion(db), file);
    findings.push(version, checkDatabase(db, full));
    if (version.status !== 'ok' || findings.at(-1)!.status === 'fault') return findings;
    // One moment of a log that goes on being written.
    db.exec('BEGIN');
    const streams = streamNames(db);
    const blocks = checkBlocks(db, full);
    findings.push(checkRuns(db), blocks, checkGaps(db));
    if (blocks.status !== 'fault') findings.push(checkRollups(db, streams, full));
    db.exec('COMMIT');
    return findings;
  } finally {
    log.close();
  }
}

function checkVersion(found: number, file: string): Finding {
  const check = 'schema';
  if (found === MIGRATIONS.length) return ok(check, `Version ${found}.`);
  if (found < MIGRATIONS.length) {
    const says = `Version ${found}, written by an older undertone: "undertone serve" brings it to version ${MIGRATIONS.length}; until then no more can be said.`;
    return note(check, says);
  }
  return fault(
    check,
    `Version ${found} of ${file} was written by a newer undertone (this one knows up to ${MIGRATIONS.length}): update undertone.`,
  );
}

/** Makes rollups that do not agree with the steps anew, and all coarser ones. Returns how many minutes that were. */
export function repairRollups({ db }: LogDatabase): number {
  const repair = new RollupRepair(db, new FrameReader(db));
  let mended = 0;
  for (const name of streamNames(db)) {
    transaction(db, () => {
      const stored = storedSums(db, name, FINEST_MS, ALL_TIME);
      // A minute that tells of more than there is tells of steps that were dropped since: it is left.
      const wrong = [...minutesOfSteps(db, name, ALL_TIME)].filter(
        ([bucket, sums]) => !tellsOf(stored.get(bucket), sums),
      );
      repair.rebuild(name, new Map(wrong));
      mended += wrong.length;
    });
  }
  return mended;
}

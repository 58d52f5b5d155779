import { openReadOnly } from '../database.ts';
import { streamNames } from '../history.ts';
import { MIGRATIONS, schemaVersion } from '../migrations.ts';
import { checkBlocks, checkDatabase, checkGaps, checkRuns } from './check-content.ts';
import { checkFiles } from './check-files.ts';
import { checkRollups } from './check-rollups.ts';
import { type Finding, fault, note, ok } from './finding.ts';

interface ExamineOptions {
  /** The database file. */
  readonly file: string;
  readonly passphrase?: string | undefined;
  /** Checks every page, block and minute instead of samples. */
  readonly full?: boolean;
}

/**
 * Runs all checks of a log. It only reads, also while a server writes the log.
 *
 * @throws UserError those of `openReadOnly`
 */
export function examine({ file, passphrase, full = false }: ExamineOptions): Finding[] {
  const log = openReadOnly(file, { passphrase });
  const { db } = log;
  try {
    const findings = [
      ...checkFiles(file),
      ok('encryption', log.key === undefined ? 'Not encrypted.' : 'Encrypted with a passphrase.'),
    ];
    const version = checkVersion(schemaVersion(db), file);
    const database = checkDatabase(db, full);
    findings.push(version, database);
    if (version.status !== 'ok' || database.status === 'fault') return findings;
    // One transaction, so that all checks see the same state while a server writes.
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
  if (found < MIGRATIONS.length)
    return note(
      check,
      `Version ${found}, written by an older undertone: "undertone serve" updates it to version ${MIGRATIONS.length}. The content can be checked only after that.`,
    );
  return fault(
    check,
    `Version ${found} of ${file} was written by a newer undertone (this one supports up to ${MIGRATIONS.length}): update undertone.`,
  );
}

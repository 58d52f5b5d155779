import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { rollupColumns } from '../../src/log/migrations/rollup-columns.ts';
import { MIGRATIONS } from '../../src/log/migrations.ts';
import { tempFolder } from '../server/support.ts';
import { bucketsOf, framesOf, openLog, querySql, writeRun } from './open-log.ts';
import { expectAlike, referenceBuckets } from './reference-buckets.ts';
import { syntheticFrames } from './synthetic-frames.ts';

test('a log from before the word "uncertain" keeps its buckets, and new frames may have the word', async () => {
  const dataDir = tempFolder();
  const [first, second] = [syntheticFrames('booth', 400), syntheticFrames('booth', 400, { firstSeq: 400 })];
  const startMs = Date.parse(first.at(-1)!.time) + 500;
  const frames = [
    ...first,
    ...second.map((frame, i) => ({
      ...frame,
      ...{ seq: i, t: 0.5 * (i + 1), mood: i % 3 === 0 ? 'uncertain' : 'calm' },
      time: new Date(startMs + 500 * i).toISOString(),
    })),
  ];
  const before = openLog({ dataDir });
  writeRun(before, first);
  before.close();
  const db = new Database(join(dataDir, 'undertone.db'));
  for (const table of ['rollups', 'open_rollups']) db.exec(`ALTER TABLE ${table} DROP COLUMN mood_uncertain`);
  // Of later steps.
  db.exec(
    'ALTER TABLE events DROP COLUMN data; DROP TABLE tracks; DROP TABLE note_versions; DROP TABLE addenda; DROP TABLE renamings',
  );
  db.exec('DROP INDEX sessions_by_key');
  for (const column of ['record_number', 'target', 'signed_ms', 'signed_by', 'start_key']) {
    db.exec(`ALTER TABLE sessions DROP COLUMN ${column}`);
  }
  db.exec(`PRAGMA user_version = ${MIGRATIONS.indexOf(rollupColumns)}`);
  db.close();

  const log = openLog({ dataDir });
  expectAlike(await bucketsOf(log, 'booth', 60_000), referenceBuckets(first, 60_000));
  writeRun(log, frames.slice(400));
  for (const packed of [false, true]) {
    if (packed) await log.settle();
    expect(await framesOf(log, 'booth')).toEqual(frames);
    for (const ms of [10_000, 60_000, 3_600_000])
      expectAlike(await bucketsOf(log, 'booth', ms), referenceBuckets(frames, ms));
  }
  expect(querySql(log, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});

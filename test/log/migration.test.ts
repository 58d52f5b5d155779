import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/log/migrations.ts';
import type { EmotionFrame } from '../../src/types.ts';
// @ts-expect-error plain JavaScript, shared with the script that made the fixture
import { oldFrame, RUNS } from '../fixtures/log/frames-1.mjs';
import { tempFolder } from '../server/support.ts';
import { bucketsOf, framesOf, openLog, querySql } from './open-log.ts';
import { expectAlike, referenceBuckets } from './reference-buckets.ts';

interface Run {
  readonly run: number;
  readonly stream: string;
  readonly frames: number;
}

const framesOfStream = (stream: string): EmotionFrame[] =>
  (RUNS as Run[])
    .filter((run) => run.stream === stream)
    .flatMap(({ run, frames }) => Array.from({ length: frames }, (_, seq) => oldFrame(run, seq)));

function oldLog() {
  const dataDir = tempFolder();
  copyFileSync(new URL('../fixtures/log/schema-1.db', import.meta.url), join(dataDir, 'undertone.db'));
  return dataDir;
}

describe('a log of the first release', () => {
  test('loses nothing, and gets rollups of all its frames', async () => {
    const log = openLog({ dataDir: oldLog() });
    for (const packed of [false, true]) {
      if (packed) await log.settle();
      for (const stream of ['booth', 'room-2']) {
        const frames = framesOfStream(stream);
        expect(await framesOf(log, stream)).toEqual(frames);
        for (const ms of [10_000, 60_000, 600_000, 3_600_000, 86_400_000])
          expectAlike(await bucketsOf(log, stream, ms), referenceBuckets(frames, ms));
      }
    }
    expect(log.history.after('booth', 1, 8, 2).messages.map(({ type }) => type)).toEqual([
      'emotion',
      'gap',
      'emotion',
    ]);
    expect(log.history.runs('booth').map(({ run, lastSeq }) => [run, lastSeq])).toEqual([
      [1, 149],
      [3, 89],
    ]);
    expect(querySql(log, 'PRAGMA user_version')).toEqual([{ user_version: MIGRATIONS.length }]);
    // Free pages can be returned to the file system from now on.
    expect(querySql(log, 'PRAGMA auto_vacuum')).toEqual([{ auto_vacuum: 2 }]);
    expect(querySql(log, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  test('is unchanged after a failed migration, and is migrated the next time', async () => {
    const dataDir = oldLog();
    const file = join(dataDir, 'undertone.db');
    const db = new Database(file);
    db.exec('CREATE TABLE rollups (obstacle)');
    db.close();
    expect(() => openLog({ dataDir })).toThrow(/Cannot write the log/);
    const again = new Database(file);
    expect(again.prepare('SELECT count(*) AS n FROM frames').get()).toMatchObject({ n: 300 });
    again.exec('DROP TABLE rollups');
    again.close();
    expect(await framesOf(openLog({ dataDir }), 'booth')).toEqual(framesOfStream('booth'));
  });
});

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { examine } from '../../src/log/doctor/examine.ts';
import { MIGRATIONS } from '../../src/log/migrations.ts';
import type { EmotionFrame } from '../../src/types.ts';
// @ts-expect-error plain JavaScript, shared with the script that made the fixture
import { framesOfRun, RUNS } from '../fixtures/log/frames-3.mjs';
import { soon, tempFolder } from '../server/support.ts';
import { bucketsOf, framesOf, openLog, querySql } from './open-log.ts';
import { expectAlike, referenceBuckets } from './reference-buckets.ts';

const framesOfStream = (stream: string): EmotionFrame[] =>
  (RUNS as { run: number; stream: string }[])
    .filter((run) => run.stream === stream)
    .flatMap(({ run }) => framesOfRun(run));

function oldLog() {
  const dataDir = tempFolder();
  copyFileSync(new URL('../fixtures/log/schema-3.db', import.meta.url), join(dataDir, 'undertone.db'));
  return dataDir;
}

/** The first byte of each block. */
const versions = (log: { dataDir: string }) =>
  querySql(log, 'SELECT hex(substr(data, 1, 1)) AS version FROM blocks ORDER BY run, first_seq').map(
    ({ version }) => Number(version),
  );

async function expectSame(log: ReturnType<typeof openLog>): Promise<void> {
  for (const stream of ['booth', 'room-2']) {
    const frames = framesOfStream(stream);
    expect(await framesOf(log, stream)).toEqual(frames);
    for (const ms of [10_000, 60_000, 3_600_000])
      expectAlike(await bucketsOf(log, stream, ms), referenceBuckets(frames, ms));
  }
}

describe('a log with blocks of version 1', () => {
  test('gives the same frames before and after repacking', async () => {
    const log = openLog({ dataDir: oldLog() });
    expect(versions(log)).toEqual([1, 1, 1]);
    await expectSame(log);
    await log.settle();
    expect(versions(log)).toEqual([2, 2, 2, 2]); // and the rows of the interrupted run
    expect(querySql(log, 'SELECT count(*) AS n FROM old_blocks')).toEqual([{ n: 0 }]);
    expect(querySql(log, 'PRAGMA user_version')).toEqual([{ user_version: MIGRATIONS.length }]);
    await expectSame(log);
    const file = join(log.dataDir, 'undertone.db');
    expect(examine({ file, full: true }).filter(({ status }) => status === 'fault')).toEqual([]);
  });

  test('loses nothing if repacking is interrupted, and continues the next time', async () => {
    const dataDir = oldLog();
    const first = openLog({ dataDir });
    const settled = first.settle().catch(() => {});
    // At each turn: a fast computer repacks all of them within some milliseconds.
    while (!versions(first).includes(2)) await soon();
    first.close();
    await settled;
    expect(versions(first)).toContain(1);
    const log = openLog({ dataDir });
    await expectSame(log);
    await log.settle();
    expect(versions(log)).toEqual([2, 2, 2, 2]);
    await expectSame(log);
  });

  test('keeps a damaged block for doctor to report, and repacks the others', async () => {
    const dataDir = oldLog();
    const db = new Database(join(dataDir, 'undertone.db'));
    db.exec(
      "UPDATE blocks SET data = CAST(substr(data, 1, 100) || x'00' || substr(data, 102) AS BLOB) WHERE id = 2",
    );
    db.close();
    const log = openLog({ dataDir });
    await log.settle();
    expect(versions(log)).toEqual([2, 1, 2, 2]);
    expect(await framesOf(log, 'booth')).toEqual(framesOfStream('booth'));
    const faults = examine({ file: join(dataDir, 'undertone.db') }).filter(
      ({ status }) => status === 'fault',
    );
    expect(faults).toMatchObject([{ check: 'frames', says: expect.stringContaining('of run 2') }]);
  });

  test('is repacked without frames that were erased before', async () => {
    const log = openLog({ dataDir: oldLog() });
    const frames = framesOfStream('booth');
    const [fromMs, toMs] = [200, 400].map((at) => Date.parse(frames[at]!.time)) as [number, number];
    await log.erase('booth', { fromMs, toMs });
    await log.settle();
    expect(versions(log)).toEqual([2, 2, 2, 2, 2]);
    expect(await framesOf(log, 'booth')).toEqual([...frames.slice(0, 200), ...frames.slice(400)]);
  });

  test('is noted by doctor until a server has migrated it', () => {
    const file = join(oldLog(), 'undertone.db');
    const schema = examine({ file }).find(({ check }) => check === 'schema');
    expect(schema).toMatchObject({ status: 'note', says: expect.stringContaining('Version 3') });
  });
});

import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createCheckpointer } from '../../src/log/checkpointer.ts';
import { openDatabase } from '../../src/log/database.ts';
import { sleep, tempFolder, until } from '../server/support.ts';
import { seededRandom } from './synthetic-frames.ts';

const megabytes = (n: number) =>
  `INSERT INTO x WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${n * 250}) SELECT hex(randomblob(2000)) FROM c`;

function filled(size: number) {
  const log = openDatabase(tempFolder());
  log.db.exec(`CREATE TABLE x (a); ${megabytes(size)}`);
  return log;
}

test('moves the write-ahead log into the file, repeatedly', async () => {
  const log = filled(1);
  const checkpointer = createCheckpointer(log);
  for (let round = 1; round <= 3; round++) {
    const before = statSync(log.file).size;
    await until(() => {
      checkpointer.run(); // Again, because it does nothing while the one before is not done.
      return statSync(log.file).size > before;
    }, `checkpoint ${round}`);
    log.db.exec(megabytes(1));
  }
  checkpointer.close();
  log.close();
});

test.skipIf(process.platform !== 'linux')('leaves no file open', async () => {
  const log = filled(1);
  const checkpointer = createCheckpointer(log);
  const openFiles = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(log.file);
      } catch {
        return false;
      }
    }).length;
  const before = openFiles();
  for (let round = 0; round < 10; round++) {
    const size = statSync(log.file).size;
    log.db.exec(megabytes(1));
    await until(() => {
      checkpointer.run();
      return statSync(log.file).size > size;
    }, `checkpoint ${round}`);
  }
  expect(openFiles()).toBeLessThanOrEqual(before + 3);
  checkpointer.close();
  log.close();
});

// libsql aborts the process if its thread is terminated during a checkpoint.
test('can be closed at any moment, also during a checkpoint', async () => {
  const random = seededRandom(4);
  for (let round = 0; round < 12; round++) {
    const log = filled(8);
    const checkpointer = createCheckpointer(log);
    for (let i = 0; i < 3; i++) {
      checkpointer.run();
      await sleep(120 * random());
      log.db.exec(megabytes(8));
    }
    checkpointer.run();
    checkpointer.close();
    checkpointer.run();
    expect(log.db.prepare('PRAGMA quick_check').get()).toMatchObject({ quick_check: 'ok' });
    log.close();
  }
});

import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/log/database.ts';
import { WriteAheadLog } from '../../src/log/write-ahead-log.ts';
import { tempFolder } from '../server/support.ts';

test('what is committed while the file is forced to the disk is forced there afterwards', () => {
  const running: (() => void)[] = [];
  const database = openDatabase(tempFolder());
  const log = new WriteAheadLog(database, (_file, done) => running.push(done));
  onTestFinished(() => {
    log.close();
    database.close();
  });
  for (let i = 0; i < 3; i++) log.sync();
  expect(running).toHaveLength(1);
  running[0]!();
  expect(running).toHaveLength(2); // For the last two.
  running[1]!();
  expect(running).toHaveLength(2);
});

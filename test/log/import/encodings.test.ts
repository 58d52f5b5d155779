import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { csvHeader, csvRow } from '../../../src/csv.ts';
import { openDatabase } from '../../../src/log/database.ts';
import { importCsv } from '../../../src/log/import/import-csv.ts';
import { tempFolder } from '../../server/support.ts';
import { syntheticFrames } from '../synthetic-frames.ts';

const csv = [csvHeader(), ...syntheticFrames('booth', 2_000).map((frame) => csvRow(frame)), ''].join('\r\n');

test.each([
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${csv}`)],
  ['UTF-16LE', Buffer.from(`\uFEFF${csv}`, 'utf16le')],
  ['UTF-16BE', Buffer.from(`\uFEFF${csv}`, 'utf16le').swap16()],
  ['UTF-16LE without a mark', Buffer.from(csv, 'utf16le')],
])('a CSV in %s is imported', async (_encoding, bytes) => {
  const folder = tempFolder();
  const file = join(folder, 'booth.csv');
  writeFileSync(file, bytes);
  const log = openDatabase(folder);
  try {
    expect(await importCsv(log, file, 'booth')).toEqual({ frames: 2_000, runs: 1 });
  } finally {
    log.close();
  }
});

test('a folder in the place of the CSV is refused with a sentence', async () => {
  const folder = tempFolder();
  const log = openDatabase(folder);
  try {
    await expect(importCsv(log, folder, 'booth')).rejects.toMatchObject({
      code: 'cannot-read',
      message: `${folder} cannot be read (EISDIR): name a CSV file that "undertone export" has written.`,
    });
    await expect(importCsv(log, join(folder, 'none.csv'), 'booth')).rejects.toMatchObject({
      code: 'cannot-read',
    });
  } finally {
    log.close();
  }
});

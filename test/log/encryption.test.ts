import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openReadOnly } from '../../src/log/database.ts';
import { Log } from '../../src/log/log.ts';
import { readPassphrase } from '../../src/log/passphrase.ts';
import { tempFolder } from '../server/support.ts';
import { framesOf, openLog, stopped, writeRun } from './open-log.ts';
import { syntheticFrames } from './synthetic-frames.ts';

const passphrase = 'correct horse battery staple';
const frames = syntheticFrames('consulting-room', 600);

const entropyOf = (bytes: Buffer): number => {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte]!++;
  return -counts.reduce(
    (sum, n) => (n === 0 ? sum : sum + (n / bytes.length) * Math.log2(n / bytes.length)),
    0,
  );
};

describe('a log with a passphrase', () => {
  test('has no readable text in any of its files', async () => {
    const log = openLog({ passphrase });
    const run = writeRun(log, frames);
    log.write(run, 600, stopped('consulting-room'));
    log.flush();
    for (const settled of [false, true]) {
      if (settled) {
        await log.settle();
        await log.scrub();
      }
      for (const name of readdirSync(log.dataDir)) {
        const bytes = readFileSync(join(log.dataDir, name));
        for (const word of ['consulting-room', 'CREATE TABLE', 'SQLite format', 'happy', passphrase])
          expect({ name, word, found: bytes.includes(word) }).toEqual({ name, word, found: false });
      }
    }
    const db = readFileSync(join(log.dataDir, 'undertone.db'));
    expect(entropyOf(db.subarray(4096))).toBeGreaterThan(7.9);
    expect(await framesOf(log, 'consulting-room')).toEqual(frames);
  });

  test('opens only with its passphrase', async () => {
    const first = openLog({ passphrase });
    writeRun(first, frames);
    first.close();
    const { dataDir } = first;
    expect(statSync(join(dataDir, 'undertone.db.salt')).mode & 0o777).toBe(0o600);
    for (const [given, code] of [
      ['incorrect horse', 'wrong-passphrase'],
      ['', 'wrong-passphrase'],
      [undefined, 'log-encrypted'],
    ] as const) {
      expect(() => new Log({ dataDir, passphrase: given })).toThrow(
        expect.objectContaining({ name: 'UserError', code }),
      );
      expect(() => openReadOnly(join(dataDir, 'undertone.db'), { passphrase: given })).toThrow(
        expect.objectContaining({ code }),
      );
    }
    const log = openLog({ dataDir, passphrase });
    expect(await framesOf(log, 'consulting-room')).toEqual(frames);
    log.close();
    rmSync(join(dataDir, 'undertone.db.salt'));
    expect(() => new Log({ dataDir, passphrase })).toThrow(expect.objectContaining({ code: 'log-salt' }));
  });

  test('cannot be added to a log without one', () => {
    const first = openLog();
    writeRun(first, frames.slice(0, 10));
    first.close();
    expect(() => new Log({ dataDir: first.dataDir, passphrase })).toThrow(
      expect.objectContaining({
        code: 'log-not-encrypted',
        message: expect.stringContaining('undertone backup'),
      }),
    );
  });
});

describe('a passphrase file of Windows', () => {
  const FILES: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${passphrase}\r\n`)],
    ['UTF-16 with line feeds', Buffer.from(`\uFEFF${passphrase}\nmore\n`, 'utf16le')],
    ['UTF-16', Buffer.from(`\uFEFF${passphrase}\r\n`, 'utf16le')],
  ];

  test.each(FILES)('in %s has the passphrase without its mark', (_name, bytes) => {
    const file = join(tempFolder(), 'passphrase.txt');
    writeFileSync(file, bytes);
    expect(readPassphrase(file)).toBe(passphrase);
  });

  test.each(FILES)('in %s still opens a log that was created with all of its bytes', (_name, bytes) => {
    const former = bytes.toString('utf8').split(/\r?\n/, 1)[0]!;
    expect(former).not.toBe(passphrase);
    const first = openLog({ passphrase: former });
    writeRun(first, frames);
    first.close();
    const { dataDir } = first;
    openReadOnly(join(dataDir, 'undertone.db'), { passphrase }).close();
    new Log({ dataDir, passphrase }).close();
  });
});

import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openReadOnly } from '../../src/log/database.ts';
import { Log } from '../../src/log/log.ts';
import { framesOf, openLog, stopped, writeRun } from './open-log.ts';
import { playedFrames } from './played-frames.ts';

const passphrase = 'correct horse battery staple';
const frames = playedFrames('consulting-room', 600);

const entropyOf = (bytes: Buffer): number => {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte]!++;
  return -counts.reduce(
    (sum, n) => (n === 0 ? sum : sum + (n / bytes.length) * Math.log2(n / bytes.length)),
    0,
  );
};

describe('a log with a passphrase', () => {
  test('has nothing in any of its files that can be read', async () => {
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
          expect({ name, word, there: bytes.includes(word) }).toEqual({ name, word, there: false });
      }
    }
    const [db] = [readFileSync(join(log.dataDir, 'undertone.db'))];
    expect(entropyOf(db.subarray(4096))).toBeGreaterThan(7.9);
    expect(await framesOf(log, 'consulting-room')).toEqual(frames);
  });

  test('opens with it again, with checkpoints and all, and with nothing else', async () => {
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

  test('is not begun over one that has none', () => {
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

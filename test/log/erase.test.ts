import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bucketsOf, endRun, framesOf, openLog, querySql, writeFrames, writeRun } from './open-log.ts';
import { expectAlike, referenceBuckets } from './reference-buckets.ts';
import { syntheticFrames } from './synthetic-frames.ts';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const MINUTE_MS = 60_000;
const LEVELS = [10_000, MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 1440 * MINUTE_MS];

describe('erasing', () => {
  test.each([
    ['within an hour', 12.3, 47.9],
    ['of whole minutes', 10, 20],
    ['over hours', 20.5, 195.1],
    ['of everything', -10, 10_000],
    ['of nothing', 30, 30],
  ])('a span %s keeps the rest, and rollups of the rest only', async (_what, fromMinute, toMinute) => {
    const log = openLog();
    const frames = syntheticFrames('a', 200 * 120);
    const other = syntheticFrames('b', 300, { seed: 2 });
    endRun(log, writeRun(log, frames.slice(0, 9_000)), frames[8_999]!);
    await log.settle();
    const second = frames.slice(9_000).map((frame, seq) => ({ ...frame, seq, t: 0.5 * (seq + 1) }));
    writeRun(log, second); // stays open, so its newest frames are rows
    writeRun(log, other);
    const [fromMs, toMs] = [START_MS + fromMinute * MINUTE_MS, START_MS + toMinute * MINUTE_MS];
    await log.erase('a', { fromMs, toMs });
    const rest = [...frames.slice(0, 9_000), ...second].filter(
      ({ time }) => Date.parse(time) < fromMs || Date.parse(time) >= toMs,
    );
    expect(await framesOf(log, 'a')).toEqual(rest);
    expect(await framesOf(log, 'b')).toEqual(other);
    for (const level of LEVELS) {
      expectAlike(await bucketsOf(log, 'a', level), referenceBuckets(rest, level));
      expectAlike(await bucketsOf(log, 'b', level), referenceBuckets(other, level));
    }
  });

  test('loses no frames that come in meanwhile', async () => {
    const log = openLog();
    const frames = syntheticFrames('a', 10_000);
    const run = writeRun(log, frames.slice(0, 6_000));
    await log.settle();
    const erasing = log.erase('a', { fromMs: START_MS + 10 * MINUTE_MS, toMs: START_MS + 30 * MINUTE_MS });
    for (let at = 6_000; at < frames.length; at += 500) {
      writeFrames(log, run, frames.slice(at, at + 500));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await erasing;
    const rest = frames.filter(({ time }) => {
      const minute = (Date.parse(time) - START_MS) / MINUTE_MS;
      return minute < 10 || minute >= 30;
    });
    expect(await framesOf(log, 'a')).toEqual(rest);
    expectAlike(await bucketsOf(log, 'a', MINUTE_MS), referenceBuckets(rest, MINUTE_MS));
    writeFrames(
      log,
      run,
      syntheticFrames('a', 200, { firstSeq: 10_000, startMs: START_MS + 84 * MINUTE_MS }),
    );
    expect((await bucketsOf(log, 'a', 1440 * MINUTE_MS))[0]!.frames).toBe(rest.length + 200);
  });

  test('leaves no erased byte in any file', async () => {
    const log = openLog();
    const secret = 'sigh-9f3c-of-relief';
    const runs: number[] = [];
    for (let round = 0; round < 8; round++) {
      const startMs = START_MS + round * 60 * MINUTE_MS;
      const frames = syntheticFrames('a', 130, { startMs, seed: round }).map((frame, i) => ({
        ...frame,
        mood: round === 3 && i % 3 === 0 ? secret : frame.mood,
      }));
      const run = writeRun(log, frames);
      runs.push(run);
      log.write(run, 130, {
        type: 'source-lost',
        stream: 'a',
        t: 65,
        time: new Date(startMs + 61_000).toISOString(),
        message: round === 3 ? `${secret}: ${'x'.repeat(700)}` : `Source lost, ${'y'.repeat(round * 100)}`,
      });
      log.flush();
      if (round % 2 === 1) endRun(log, run, frames.at(-1)!);
      if (round === 5) await log.settle();
    }
    expect(filesWith(log.dataDir, secret).length).toBeGreaterThan(0);
    await log.erase('a', { fromMs: START_MS + 179 * MINUTE_MS, toMs: START_MS + 239 * MINUTE_MS });
    await log.scrub();
    expect(filesWith(log.dataDir, secret)).toEqual([]);
    expect(querySql(log, 'PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
    expect(await framesOf(log, 'a')).toHaveLength(7 * 130);
  });

  test('erases a whole minute if its other half was dropped before', async () => {
    const log = openLog();
    const startMs = Math.floor((Date.now() - 86_400_000) / 86_400_000) * 86_400_000;
    const frames = syntheticFrames('a', 3 * 120, { startMs });
    endRun(log, writeRun(log, frames), frames.at(-1)!);
    await log.settle();
    log.setRetention('a', 3_600_000);
    await log.settle();
    expect(await framesOf(log, 'a')).toEqual([]);
    await log.erase('a', { fromMs: startMs + 90_000, toMs: startMs + 100_000 });
    const left = (await bucketsOf(log, 'a', MINUTE_MS)).map(({ time }) => Date.parse(time) - startMs);
    expect(left.filter((ms) => ms >= 0)).toEqual([0, 2 * MINUTE_MS]);
    const hour = (await bucketsOf(log, 'a', 60 * MINUTE_MS)).at(-1)!;
    expect(hour.frames).toBe(
      (await bucketsOf(log, 'a', MINUTE_MS)).slice(-2).reduce((sum, b) => sum + b.frames, 0),
    );
  });
});

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder).filter((file) => readFileSync(join(folder, file)).includes(text));
}

import { afterEach, describe, expect, test, vi } from 'vitest';
import { RetentionClock } from '../../src/log/upkeep/retention-clock.ts';
import { endRun, framesOf, openLog, writeRun } from './open-log.ts';
import { syntheticFrames } from './synthetic-frames.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-20T00:00:00Z');

/** Reads the clock `hours` after the start of this process, `aheadMs` ahead of the right time. */
function scene(dataDir?: string) {
  const log = openLog(dataDir === undefined ? {} : { dataDir });
  const clock = new RetentionClock({ db: log.db, change: (work) => void log.change(work) });
  return {
    log,
    read: (hours: number, aheadMs = 0) => clock.read(START + hours * HOUR + aheadMs, hours * HOUR),
  };
}

describe('the time that ages are relative to', () => {
  test('is the clock, also after months in one process', () => {
    const { read } = scene();
    for (let hours = 0; hours < 24 * 100; hours += 30)
      expect(read(hours)).toEqual({ nowMs: START + hours * HOUR });
  });

  test('does not leap with the clock, and goes on when that is corrected', () => {
    const { read } = scene();
    read(0);
    const leapMs = START + HOUR + 90 * DAY;
    expect(read(1, 90 * DAY)).toEqual({ nowMs: START, heldUntilMs: leapMs + DAY });
    expect(read(20, 90 * DAY)).toEqual({ nowMs: START });
    expect(read(21)).toEqual({ nowMs: START + 21 * HOUR });
    expect(read(60)).toEqual({ nowMs: START + 60 * HOUR });
  });

  test('trusts a clock that has gone on for a day', () => {
    const { read } = scene();
    read(0);
    read(1, 90 * DAY);
    expect(read(24.5, 90 * DAY)).toEqual({ nowMs: START });
    expect(read(25, 90 * DAY)).toEqual({ nowMs: START + 25 * HOUR + 90 * DAY });
  });

  test('follows a clock that is set back', () => {
    const { read } = scene();
    read(0);
    expect(read(1, -40 * DAY)).toEqual({ nowMs: START + HOUR - 40 * DAY });
  });

  test('a leap while the server was off is not trusted at once either, but at the start after it', () => {
    const first = scene();
    first.read(0);
    first.log.close();
    const second = scene(first.log.dataDir);
    expect(second.read(30 * 24).nowMs).toBe(START);
    expect(second.read(30 * 24 + 3).nowMs).toBe(START);
    second.log.close();
    const third = scene(first.log.dataDir);
    expect(third.read(60 * 24).nowMs).toBe(START + (30 * 24 + 3) * HOUR);
  });
});

describe('retention', () => {
  afterEach(() => void vi.useRealTimers());

  test('a clock 90 days ahead erases nothing, at a start or while the server runs', async () => {
    const frames = syntheticFrames('a', 120, { startMs: Date.now() - 2 * DAY });
    const now = Date.now();
    for (const [atStart, early] of [
      [true, false],
      [false, true],
    ]) {
      const log = openLog();
      endRun(log, writeRun(log, frames), frames.at(-1)!);
      endRun(log, writeRun(log, [syntheticFrames('b', 1, { startMs: now - HOUR })[0]!]), frames.at(-1)!);
      log.setRetention('a', 30 * DAY);
      if (early) await log.settle();
      vi.useFakeTimers({ toFake: ['Date'], now: now + 90 * DAY });
      await log.settle();
      expect(await framesOf(log, 'a'), `at the start: ${atStart}`).toHaveLength(120);
      vi.useFakeTimers({ toFake: ['Date'], now: now + 91.5 * DAY });
      await log.settle();
      await log.settle();
      vi.useRealTimers();
    }
  });
});

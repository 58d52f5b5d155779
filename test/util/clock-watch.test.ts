import { describe, expect, test } from 'vitest';
import { ClockWatch } from '../../src/util/clock-watch.ts';
import { spanText } from '../../src/util/duration.ts';

/** Clocks that a test moves: `pass` lets time go by, `set` sets the wall clock only. */
function fakeClocks() {
  const clocks = { wallMs: 1_800_000_000_000, steadyMs: 5_000, uptimeS: 100, still: false };
  const watch = new ClockWatch({
    wall: () => clocks.wallMs,
    steady: () => clocks.steadyMs,
    uptime: () => clocks.uptimeS,
  });
  return {
    clocks,
    watch,
    pass(ms: number) {
      clocks.steadyMs += ms;
      clocks.uptimeS += ms / 1000;
      if (!clocks.still) clocks.wallMs += ms;
    },
    set(ms: number) {
      clocks.wallMs += ms;
    },
  };
}

describe('ClockWatch', () => {
  test.each([-20, -3_600, 7_776_000, 0.3])('notices once that the clock was set by %d s', (seconds) => {
    const { watch, pass, set, clocks } = fakeClocks();
    pass(500);
    expect(watch.check()).toBeUndefined();
    set(seconds * 1000);
    pass(500);
    expect(watch.check()).toEqual({ seconds, still: false, timeMs: clocks.wallMs });
    for (let i = 0; i < 100; i++) {
      pass(500);
      expect(watch.check()).toBeUndefined();
    }
  });

  test('drift is no change, however long it goes on', () => {
    const { watch, pass, set } = fakeClocks();
    for (let s = 0; s < 86_400; s++) {
      pass(1_000);
      set(0.05); // 50 ppm: 4.3 s a day
      expect(watch.check()).toBeUndefined();
    }
  });

  test('a computer that slept is no change, but one that was set while it slept is', () => {
    const { watch, pass, set, clocks } = fakeClocks();
    clocks.uptimeS += 3_600;
    set(3_600_000);
    pass(500);
    expect(watch.check()).toBeUndefined();
    clocks.uptimeS += 3_600;
    set(3_600_000 - 60_000);
    pass(500);
    expect(watch.check()?.seconds).toBeCloseTo(-60, 1);
  });

  test('a clock that stands still loses all time, at first in small steps and later once a minute', () => {
    const { watch, pass, clocks } = fakeClocks();
    clocks.still = true;
    let [lost, reports] = [0, 0];
    for (let i = 0; i < 2 * 3_600; i++) {
      pass(500);
      const step = watch.check();
      if (!step) continue;
      expect(step.still).toBe(true);
      lost -= step.seconds;
      reports++;
    }
    expect(lost).toBeGreaterThan(3_600 - 61);
    expect(lost).toBeLessThanOrEqual(3_600);
    expect(reports).toBeLessThan(700);
  });

  test('a reading that was interrupted does not count', () => {
    let steadyMs = 0;
    let interrupted = false;
    const watch = new ClockWatch({
      wall: () => 1_800_000_000_000,
      steady: () => {
        if (interrupted) steadyMs += 400;
        return steadyMs;
      },
      uptime: () => 0,
    });
    interrupted = true;
    expect(watch.check()).toBeUndefined();
  });
});

test.each([
  [0.36, '0.4 s'],
  [20, '20 s'],
  [3_600, '1 h'],
  [3_900, '1 h 5 min'],
  [7_776_000, '90 days'],
  [86_400 + 7_200, '1 day 2 h'],
  [59.7, '1 min'],
])('a span of %d s reads "%s"', (seconds, text) => {
  expect(spanText(seconds)).toBe(text);
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { History } from '../../dashboard/state/history.ts';
import { HISTORY_LEVELS, levelFor, tilesIn } from '../../dashboard/state/history-level.ts';
import { tileOfBuckets, tileOfFrames } from '../../dashboard/state/history-tile.ts';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import type { TimeRange } from '../../dashboard/state/steps.ts';
import { joinParts } from '../../dashboard/state/view-parts.ts';
import { emotionsOf } from './fake-buckets.ts';
import { fakeFrame } from './fake-frame.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z') / 1000;
const STEPS = levelFor(60);
const MEANS = levelFor(3600);
const frames = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => fakeFrame('booth', i, 1000 * from + 500 * (i + 1)));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function create(maxTiles = 4) {
  const loads: string[] = [];
  const history = new History({
    load: async (stream, level, { from }) => {
      loads.push(`${stream} ${level.resolution} ${from}`);
      return tileOfFrames(frames(from, 4), level.stepSeconds);
    },
    now: () => NOW,
    maxTiles,
    debounceMs: 100,
  });
  return { history, loads };
}

describe('History', () => {
  it('loads where a fast scroll ends, and each tile once', async () => {
    const { history, loads } = create();
    for (let back = 9000; back > 6000; back -= 60)
      history.want(loads, 'booth', STEPS, { from: NOW - back, to: NOW - back + 60 });
    await vi.advanceTimersByTimeAsync(200);
    expect(loads).toEqual([`booth step ${NOW - 6300}`]);
    history.want(loads, 'booth', STEPS, { from: NOW - 6200, to: NOW - 6150 });
    await vi.advanceTimersByTimeAsync(200);
    expect(loads).toHaveLength(1);
    expect(history.parts('booth', STEPS, { from: NOW - 6300, to: NOW - 6200 })).toHaveLength(1);
  });

  it('keeps the tiles used last', async () => {
    const { history, loads } = create(2);
    for (const back of [6300, 6000, 5700]) {
      history.want(loads, 'booth', STEPS, { from: NOW - back, to: NOW - back + 10 });
      await vi.advanceTimersByTimeAsync(200);
    }
    const has = (back: number) => history.isLoaded('booth', STEPS, { from: NOW - back, to: NOW - back + 10 });
    expect([has(6300), has(6000), has(5700)]).toEqual([false, true, true]);
  });

  it('loads an unfinished tile again, and a finished one never', async () => {
    let now = NOW;
    let calls = 0;
    const load = async () => {
      calls++;
      return tileOfFrames([], 0.5);
    };
    const history = new History({ load, now: () => now, debounceMs: 1 });
    const loadsOf = async (range: TimeRange) => {
      history.want(history, 'booth', STEPS, range);
      await vi.advanceTimersByTimeAsync(50);
      return calls;
    };
    const [unfinished, finished] = [
      { from: NOW - 5, to: NOW },
      { from: NOW - 905, to: NOW - 900 },
    ];
    expect(await loadsOf(unfinished)).toBe(1);
    expect(await loadsOf(unfinished)).toBe(1);
    now += 11;
    expect(await loadsOf(unfinished)).toBe(2);
    expect(await loadsOf(finished)).toBe(3);
    now += 1e6;
    expect(await loadsOf(finished)).toBe(3);
  });

  it('shows a coarser tile until the fine one is there', async () => {
    const { history, loads } = create();
    history.want(loads, 'booth', MEANS, { from: NOW - 7200, to: NOW - 7100 });
    await vi.advanceTimersByTimeAsync(200);
    const [part] = history.parts('booth', STEPS, { from: NOW - 7200, to: NOW - 7100 });
    expect(part?.steps.stepSeconds).toBe(10);
  });

  it('drops what is on its way when everything is forgotten, and loads it anew', async () => {
    const answers: ((count: number) => void)[] = [];
    const history = new History({
      load: (_stream, level, { from }) =>
        new Promise((resolve) => {
          answers.push((count) => resolve(tileOfFrames(frames(from, count), level.stepSeconds)));
        }),
      now: () => NOW,
      debounceMs: 1,
    });
    const range = { from: NOW - 1000, to: NOW - 990 };
    history.want(history, 'booth', STEPS, range);
    await vi.advanceTimersByTimeAsync(50);
    history.clear();
    await vi.advanceTimersByTimeAsync(50);
    expect(answers).toHaveLength(2);
    answers[1]!(4);
    answers[0]!(2);
    await vi.advanceTimersByTimeAsync(50);
    expect(history.parts('booth', STEPS, range)[0]?.steps.length).toBe(4);
    expect(answers).toHaveLength(2);
  });

  it('tries a tile that failed again, not at once', async () => {
    let calls = 0;
    let now = NOW;
    const history = new History({
      load: async () => {
        calls++;
        throw new Error('gone');
      },
      now: () => now,
      debounceMs: 1,
    });
    const want = () => history.want(history, 'booth', STEPS, { from: NOW - 1000, to: NOW - 990 });
    want();
    await vi.advanceTimersByTimeAsync(50);
    want();
    await vi.advanceTimersByTimeAsync(50);
    expect(calls).toBe(1);
    now += 60;
    want();
    await vi.advanceTimersByTimeAsync(50);
    expect(calls).toBe(2);
  });
});

describe('levels', () => {
  it('draws at most 720 means of any span, in tiles that fit their steps', () => {
    for (const { maxSpan, stepSeconds, tileSeconds } of HISTORY_LEVELS) {
      if (stepSeconds > 1 && maxSpan !== Number.POSITIVE_INFINITY)
        expect(maxSpan / stepSeconds).toBeLessThanOrEqual(720);
      expect(tileSeconds % stepSeconds).toBe(0);
    }
    expect(tilesIn(STEPS, { from: 0, to: 301 })).toEqual([0, 1]);
  });
});

describe('tiles and parts', () => {
  it('reads means: their band is the range of the values, their mood the commonest', () => {
    const log = frames(NOW, 120);
    const query = new URLSearchParams({ from: new Date(NOW * 1000).toISOString(), resolution: '1m' });
    const tile = tileOfBuckets(emotionsOf(log, query) as Parameters<typeof tileOfBuckets>[0], 60);
    expect(tile.length).toBe(2);
    expect(tile.x(0)).toBe(NOW + 60);
    expect(tile.valenceLow(0)).toBeCloseTo(Math.min(...log.slice(0, 119).map(({ valence }) => valence!)), 5);
    expect(tile.isMusic(0)).toBe(true);
    expect(log.map(({ mood }) => mood)).toContain(tile.mood(0));
  });

  it('joins the log with the newest steps without drawing any time twice', () => {
    const ring = new StepRing();
    for (const frame of frames(NOW - 60, 120)) ring.append(frame);
    const old = tileOfFrames(frames(NOW - 120, 240), 0.5);
    const range = { from: NOW - 100, to: NOW };
    const parts = joinParts([{ steps: old, from: NOW - 100, to: NOW }], ring, range, 0.5);
    expect(parts.map(({ from, to }) => [from - NOW, to - NOW])).toEqual([
      [-100, -60],
      [-60, 0],
    ]);
    const means = tileOfBuckets([], 10);
    expect(joinParts([{ steps: means, from: NOW - 100, to: NOW - 80 }], ring, range, 10)).toHaveLength(2);
  });
});

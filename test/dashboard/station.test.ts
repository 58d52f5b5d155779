import { describe, expect, it } from 'vitest';
import { lanePaths, reachOf } from '../../dashboard/draw/lane.ts';
import { alertSeconds, pastAlerts } from '../../dashboard/state/past-alert.ts';
import { byWeekdayAndHour, DAY_MS, HOUR_MS, meanOf } from '../../dashboard/state/station.ts';
import { strongestTurns } from '../../src/strongest-turns.ts';
import type { EmotionBucket, StreamEvent } from '../../src/types.ts';

function bucket(time: string | number, given: Partial<EmotionBucket> = {}): EmotionBucket {
  const spread = { valenceSd: 0, valenceMin: null, valenceMax: null, arousalSd: 0, arousalMin: null };
  return {
    ...spread,
    arousalMax: null,
    time: new Date(time).toISOString(),
    frames: 100,
    valence: 0,
    arousal: 0,
    loudness: null,
    confidence: null,
    music: 1,
    speech: 0,
    silence: 0,
    moods: {},
    ...given,
  };
}

describe('means of a station', () => {
  it('weigh buckets by their frames with music', () => {
    const mean = meanOf([
      bucket(0, { frames: 300, valence: 0.4, arousal: 0.2, moods: { happy: 1 } }),
      bucket(1, { frames: 200, valence: -0.4, arousal: 0, music: 0.5, speech: 0.5, moods: { sad: 0.5 } }),
      bucket(2, { frames: 100, valence: null, arousal: null, music: 0, silence: 1 }),
    ]);
    expect(mean.valence).toBeCloseTo((300 * 0.4 - 100 * 0.4) / 400);
    expect(mean.arousal).toBeCloseTo((300 * 0.2) / 400);
    expect(mean.moods).toEqual([
      ['happy', 0.75],
      ['sad', 0.25],
    ]);
    expect([mean.music, mean.speech, mean.silence]).toEqual([400 / 600, 100 / 600, 100 / 600]);
    expect(meanOf([])).toMatchObject({ valence: null, frames: 0, music: 0 });
  });

  it('are sorted into weekdays, Monday first, and hours of this time zone', () => {
    const monday = new Date(2026, 10, 23, 7, 0).getTime();
    const cells = byWeekdayAndHour([
      bucket(monday, { valence: 0.2 }),
      bucket(monday + 7 * DAY_MS, { valence: 0.4 }),
      bucket(monday + 6 * DAY_MS, { valence: -0.5 }),
    ]);
    expect(cells).toHaveLength(7);
    expect(cells[0]![7]!.valence).toBeCloseTo(0.3);
    expect(cells[6]![7]!.valence).toBeCloseTo(-0.5);
    expect(cells[3]![7]!.valence).toBeNull();
  });
});

it('the strongest turns are far apart, between neighbors, and not of speech or steady music', () => {
  const values = [0, 0, 0.8, -0.8, 0, 0, 0.5, 0.5, 0.5, 0.5];
  const buckets = values.map((valence, i) => bucket(i * HOUR_MS, { valence }));
  const turns = strongestTurns(buckets, HOUR_MS, 3);
  expect(turns.map(({ time, distance }) => [Date.parse(time) / HOUR_MS, distance])).toEqual([
    [3, 1.6],
    [6, 0.5],
  ]);
  // Means of steady music differ a little: that is no turn.
  const steady = [0.1, 0.11, 0.1, 0.115].map((valence, i) => bucket(i * HOUR_MS, { valence }));
  expect(strongestTurns(steady, HOUR_MS, 3)).toEqual([]);
  const withGap = [buckets[0]!, buckets[2]!];
  expect(strongestTurns(withGap, HOUR_MS, 3)).toEqual([]);
  const spoken = [bucket(0), bucket(HOUR_MS, { valence: 1, music: 0.1, speech: 0.9 })];
  expect(strongestTurns(spoken, HOUR_MS, 3)).toEqual([]);
});

describe('a lane', () => {
  const scale = { fromMs: 0, toMs: 100, reach: 1 };
  const at = (ms: number, value: number | null) => ({ ms, value, low: value, high: value });

  it('breaks the line where music or points are missing', () => {
    const { line, band } = lanePaths([at(0, 0), at(10, 1), at(20, null), at(30, -1), at(80, 0)], scale, 15);
    expect(line).toBe('M0.0 50.0L100.0 0.0M300.0 100.0h0.01M800.0 50.0h0.01');
    expect(band).toBe('M0.0 50.0L100.0 0.0L100.0 0.0L0.0 50.0Z');
  });

  it('adapts its scale in steps', () => {
    expect([[0.1, null], [-0.45], [0.61, 0.2], [-0.9]].map(reachOf)).toEqual([0.4, 0.6, 0.8, 1]);
  });
});

it('alerts last until the same rule’s next event, by the clock, if that is an end', () => {
  const event = (type: 'alert-raised' | 'alert-cleared', alert: string, seconds: number): StreamEvent => ({
    ...{ type, alert, stream: 'radio', message: '', t: 7 },
    time: new Date(1000 * seconds).toISOString(),
  });
  const alerts = pastAlerts([
    event('alert-cleared', 'gone', 5),
    event('alert-raised', 'gone', 10),
    event('alert-raised', 'wild', 20),
    event('alert-cleared', 'gone', 70),
    event('alert-raised', 'gone', 80), // The server is killed.
    event('alert-raised', 'gone', 100),
    event('alert-cleared', 'gone', 105),
  ]);
  const shown = alerts.map((alert) => [Date.parse(alert.raised.time) / 1000, alertSeconds(alert)]);
  expect(shown).toEqual([
    [10, 60],
    [20, null],
    [80, null],
    [100, 5],
  ]);
});

import { describe, expect, it } from 'vitest';
import {
  type ComparedFrame,
  firstDifference,
  growth,
  type Sample,
  showsGrowth,
  slope,
  unexplained,
} from '../../bench/soak/verdict.ts';

const sample = (seconds: number, changes: Partial<Sample> = {}): Sample => ({
  seconds,
  rssMb: 300 + 10 * Math.sin(seconds),
  heapMb: 80,
  externalMb: 60,
  handles: 50,
  loopLagMs: 20,
  logQueue: 0,
  logMb: 40,
  ...changes,
});
const hour = (change: (seconds: number) => Partial<Sample> = () => ({})) =>
  Array.from({ length: 360 }, (_, i) => sample(10 * i, change(10 * i)));

describe('slope', () => {
  it('is the slope of a line, whatever a few outliers do', () => {
    const points = Array.from({ length: 50 }, (_, x) => [x, 3 + 2 * x] as const);
    expect(slope(points.map(([x, y]) => [x, x % 11 === 0 ? 1000 : y]))).toBeCloseTo(2, 1);
  });
});

describe('growth', () => {
  it('finds nothing in a steady run', () => expect(growth(hour())).toEqual([]));

  it('ignores the warm-up', () =>
    expect(growth(hour((seconds) => ({ rssMb: seconds < 600 ? 100 + seconds / 3 : 300 })))).toEqual([]));

  it.each([
    ['rssMb', (seconds: number) => ({ rssMb: 300 + seconds / 30 })],
    ['handles', (seconds: number) => ({ handles: 50 + seconds / 60 })],
    ['logQueue', (seconds: number) => ({ logQueue: seconds * 5 })],
  ])('finds that %s grows', (name, change) =>
    expect(growth(hour(change))).toEqual([expect.stringContaining(`${name} grew by`)]),
  );

  it('is not checked in a short run', () => {
    const short = hour((seconds) => ({ rssMb: 300 + seconds })).slice(0, 14);
    expect([showsGrowth(short), growth(short)]).toEqual([false, []]);
    expect(showsGrowth(hour())).toBe(true);
  });

  it('finds an event loop that becomes slow', () =>
    expect(growth(hour((seconds) => ({ loopLagMs: seconds > 2700 ? 400 : 20 })))).toEqual([
      "The event loop's delay grew from 20 to 400 ms.",
    ]));
});

describe('unexplained', () => {
  const allowed = (stream: string) =>
    stream.startsWith('radio') ? { gaps: ['format-change'], stops: [] } : { gaps: [], stops: [] };
  const incident = (changes: object) => ({ stream: 'radio-1', type: 'gap', message: '', ...changes });

  it('allows what the harness causes', () =>
    expect(unexplained([incident({ reason: 'format-change' })], allowed)).toEqual([]));

  it('finds other gaps, gaps of other streams, and stops by an error', () => {
    const found = [
      incident({ reason: 'overflow' }),
      incident({ stream: 'pcm-1', reason: 'format-change' }),
      incident({ type: 'stream-stopped', code: 'internal' }),
    ];
    expect(unexplained([...found, incident({ type: 'stream-stopped' })], allowed)).toEqual(found);
  });
});

describe('firstDifference', () => {
  const frame = (seq: number, valence = 0.1): ComparedFrame => ({
    seq,
    valence,
    arousal: 0.2,
    loudness: -20,
    activity: 'music',
  });

  it('is undefined for equal frames', () =>
    expect(firstDifference([frame(0), frame(1)], [frame(0), frame(1)])).toBeUndefined());

  it('names a missing frame and a different value', () => {
    expect(firstDifference([frame(0)], [frame(0), frame(1)])).toBe('1 frames live, 2 by track');
    expect(firstDifference([frame(0, 0.1001)], [frame(0)])).toBe(
      'valence of frame 0: 0.1001 live, 0.1 by track',
    );
  });
});

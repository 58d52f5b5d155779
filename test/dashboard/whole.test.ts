import { describe, expect, it } from 'vitest';
import type { Curve } from '../../dashboard/state/curve.ts';
import { RING_STEPS } from '../../dashboard/state/step-ring.ts';
import { wholeOf } from '../../dashboard/state/whole.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { fakeFrame } from './fake-frame.ts';

const START = Date.parse('2026-11-20T20:00:00Z');

/** `steps` steps of a half second, without those that `missing` names. */
function curveOf(steps: number, missing: (i: number) => boolean = () => false): Curve {
  const rows: EmotionFrame[] = [];
  for (let i = 0; i < steps; i++) if (!missing(i)) rows.push(fakeFrame('booth', i, START + 500 * (i + 1)));
  return {
    startMs: START,
    endMs: START + 500 * steps,
    stepSeconds: 0.5,
    rows,
    times: Float64Array.from(rows, ({ time }) => Date.parse(time)),
  };
}

describe('a recording as a whole', () => {
  it('has every step of a short one, and its times', () => {
    const { steps, range, path, reach } = wholeOf(curveOf(140));
    expect(steps).toMatchObject({ length: 140, stepSeconds: 0.5 });
    expect(range).toEqual({ from: START / 1000, to: START / 1000 + 70 });
    expect(path.match(/M/g)).toHaveLength(1);
    const values = path.match(/-?\d\.\d+/g)!.map(Number);
    expect(Math.max(...values.map(Math.abs))).toBeCloseTo(reach, 3);
  });

  it('has means of a long one, from its start to its end', () => {
    const { steps } = wholeOf(curveOf(14_400));
    expect(steps.length).toBeGreaterThan(1000);
    expect(steps.length).toBeLessThanOrEqual(RING_STEPS);
    expect(steps.stepSeconds).toBe(5);
    expect(steps.x(0)).toBeCloseTo(START / 1000 + 5, 6);
    expect(steps.x(steps.length - 1)).toBeCloseTo(START / 1000 + 7200, 6);
    // The first ten steps are music.
    const mean = curveOf(10).rows.reduce((sum, { valence }) => sum + valence! / 10, 0);
    expect(steps.valence(0)).toBeCloseTo(mean, 5);
    expect(steps.valenceHigh(0)).toBeGreaterThan(mean);
    const what = new Set(Array.from({ length: steps.length }, (_, i) => steps.activity(i)));
    expect(what).toEqual(new Set(['music', 'speech', 'silence']));
  });

  it('ends a mean where audio is missing, and breaks the path there', () => {
    const { steps, path } = wholeOf(curveOf(4_000, (i) => i >= 1_004 && i < 1_100));
    const before = Array.from({ length: steps.length }, (_, i) => steps.x(i)).filter(
      (x) => x < START / 1000 + 510,
    );
    expect(before.at(-1)).toBeCloseTo(START / 1000 + 502, 6);
    expect(path.match(/M/g)!.length).toBeGreaterThan(1);
  });
});

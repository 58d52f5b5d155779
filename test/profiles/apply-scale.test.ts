import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyScale, scaled, unscaled } from '../../src/profiles/apply-scale.ts';
import { AXES, type ModelOutput } from '../../src/types.ts';

const axis = fc.double({ min: -1, max: 1, noNaN: true });
const scale = fc.record({
  offset: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
  slope: fc.double({ min: 0.1, max: 4, noNaN: true }),
});
const scales = fc.record({ valence: scale, arousal: scale });

const forecast = fc
  .record({ at: fc.tuple(axis, axis, axis), to: fc.tuple(axis, axis, axis) })
  .map(({ at, to }) => {
    const [valenceLow, valence, valenceHigh] = at.sort((a, b) => a - b) as [number, number, number];
    const [arousalLow, arousal, arousalHigh] = to.sort((a, b) => a - b) as [number, number, number];
    return { horizon: 1, valenceLow, valence, valenceHigh, arousalLow, arousal, arousalHigh };
  });
const output: fc.Arbitrary<ModelOutput> = fc.record({
  valence: axis,
  arousal: axis,
  valenceSd: fc.double({ min: 0, max: 0.6, noNaN: true }),
  arousalSd: fc.double({ min: 0, max: 0.6, noNaN: true }),
  confidence: fc.constant(0.5),
  forecast: fc.array(forecast, { maxLength: 5 }),
  state: fc.constant({}),
});

describe('a scale', () => {
  test('puts readings, standard deviations and forecasts on its axis; the rest stays', () => {
    const half = { offset: 0.1, slope: 0.5 };
    const double = { offset: -0.2, slope: 2 };
    const one = {
      horizon: 5,
      ...{ valence: 0.4, valenceLow: -1, valenceHigh: 0.6 },
      ...{ arousal: 0.2, arousalLow: 0.1, arousalHigh: 0.9 },
    };
    const before = {
      ...{ valence: 0.2, arousal: 0.3, valenceSd: 0.2, arousalSd: 0.1, confidence: 0.7 },
      forecast: [one],
      state: { h: new Float32Array(1) },
    };
    const after = applyScale({ valence: half, arousal: double }, before);
    expect(after).toMatchObject({ valence: 0.2, valenceSd: 0.1, arousalSd: 0.2, confidence: 0.7 });
    expect(after.arousal).toBeCloseTo(0.4, 12);
    expect(after.state).toBe(before.state);
    const [ahead] = after.forecast;
    expect(ahead).toMatchObject({ horizon: 5, valenceLow: -1, arousalHigh: 1 }); // −1 was cut off, and 1.6 is.
    expect(ahead!.valence).toBeCloseTo(0.3, 12);
    expect(ahead!.valenceHigh).toBeCloseTo(0.4, 12);
    expect(ahead!.arousal).toBeCloseTo(0.2, 12);
    expect(ahead!.arousalLow).toBeCloseTo(0, 12);
  });

  test('keeps values in [-1, 1] and forecasts within their intervals', () => {
    fc.assert(
      fc.property(scales, output, (both, before) => {
        const after = applyScale(both, before);
        for (const name of AXES) {
          expect(Math.abs(after[name])).toBeLessThanOrEqual(1);
          expect(after[`${name}Sd`]).toBeGreaterThanOrEqual(0);
          for (const one of after.forecast) {
            expect(one[`${name}Low`]).toBeGreaterThanOrEqual(-1);
            expect(one[`${name}High`]).toBeLessThanOrEqual(1);
            expect(one[`${name}Low`]).toBeLessThanOrEqual(one[name]);
            expect(one[name]).toBeLessThanOrEqual(one[`${name}High`]);
          }
        }
      }),
    );
  });

  test('keeps the order of two readings, and can be undone unless it reached the end of the axis', () => {
    fc.assert(
      fc.property(scale, axis, axis, (one, a, b) => {
        if (a < b) expect(scaled(one, a)).toBeLessThanOrEqual(scaled(one, b));
        const y = scaled(one, a);
        if (Math.abs(y) < 1) expect(unscaled(one, y)).toBeCloseTo(a, 9);
        expect(Math.abs(unscaled(one, b))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

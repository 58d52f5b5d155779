import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance } from '../../src/library/distance.ts';
import { forecastTo, pathOf } from './frames.ts';

const HERE = { valence: 0.2, arousal: 0.4 };

test('at the forecast point, the distance comes from the uncertainty of the opening alone', () => {
  // Equal variances: ln 2 on each axis.
  expect(distance(forecastTo(HERE), pathOf(HERE, HERE, 0.2))).toBeCloseTo(Math.sqrt(Math.log(2)), 9);
  expect(distance(forecastTo(HERE), pathOf(HERE, HERE, 0))).toBeCloseTo(0.05, 2);
});

test('elsewhere it is measured in standard deviations of both', () => {
  const path = pathOf({ valence: 0.2 + 0.3, arousal: 0.4 }, undefined, 0.2);
  // One axis of two is 0.3 away, with variances of 0.04 on each side.
  expect(distance(forecastTo(HERE), path)).toBeCloseTo(Math.sqrt(0.09 / 0.08 / 2 + Math.log(2)), 9);
});

test('an opening that follows the forecast is nearer than one that stays at either end of it', () => {
  const there = { valence: -0.4, arousal: 0.1 };
  const forecast = forecastTo(there, HERE);
  const following = distance(forecast, pathOf(HERE, there));
  expect(following).toBeLessThan(distance(forecast, pathOf(HERE)));
  expect(following).toBeLessThan(distance(forecast, pathOf(there)));
});

test('uncertainty is no advantage: of two openings at the forecast point, the more certain one is nearer', () => {
  const forecast = forecastTo(HERE);
  const distances = [0.02, 0.1, 0.2, 0.4].map((sd) => distance(forecast, pathOf(HERE, HERE, sd)));
  expect(distances).toEqual([...distances].sort((a, b) => a - b));
  // Far away it is the reverse.
  const far = { valence: -0.8, arousal: -0.6 };
  expect(distance(forecast, pathOf(far, far, 0.1))).toBeGreaterThan(
    distance(forecast, pathOf(far, far, 0.2)),
  );
});

test('the prediction at 3 s replaces those of the first 3 s', () => {
  const path = pathOf(HERE);
  const unsettled = path.map((step) =>
    step.at < 3 ? { ...step, valence: 0, arousal: 0, arousalSd: 0.3 } : step,
  );
  expect(distance(forecastTo(HERE), unsettled)).toBe(distance(forecastTo(HERE), path));
  const settled = path.map((step) => (step.at === 3 ? { ...step, valence: 0.9 } : step));
  expect(distance(forecastTo(HERE), settled)).toBeGreaterThan(distance(forecastTo(HERE), path));
});

test('every half second has equal weight, also after the last horizon', () => {
  const far = { valence: -0.8, arousal: 0.4 };
  const changing = (from: number, to: number) =>
    pathOf(HERE).map((step) => (step.at > from && step.at <= to ? { ...step, ...far } : step));
  const forecast = forecastTo(HERE);
  expect(distance(forecast, changing(10, 12))).toBeCloseTo(distance(forecast, changing(5, 7)), 9);
  expect(distance(forecast, changing(10, 15))).toBeGreaterThan(distance(forecast, changing(10, 12)));
});

test('an interval that is cut off at the end of the axis is taken as symmetric', () => {
  const edge = { valence: 0.95, arousal: 0 };
  const forecast = forecastTo(edge).map((one) => ({ ...one, valenceHigh: 1 }));
  expect(distance(forecast, pathOf(HERE))).toBeCloseTo(distance(forecastTo(edge), pathOf(HERE)), 9);
});

test('it is a finite number of at least 0 for every prediction, also with zero-width intervals', () => {
  const axis = fc.double({ min: -1, max: 1, noNaN: true });
  const point = fc.record({ valence: axis, arousal: axis });
  const sd = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(point, point, point, sd, fc.boolean(), (to, from, at, opening, sure) => {
      const forecast = forecastTo(to).map((one) =>
        sure
          ? {
              ...one,
              valenceLow: one.valence,
              valenceHigh: one.valence,
              arousalLow: one.arousal,
              arousalHigh: one.arousal,
            }
          : one,
      );
      const d = distance(forecast, pathOf(from, at, opening));
      expect(Number.isFinite(d) && d >= 0).toBe(true);
    }),
  );
});

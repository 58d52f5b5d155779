import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance } from '../../src/library/distance.ts';
import type { Forecast } from '../../src/types.ts';
import { forecastTo, pathOf } from './frames.ts';

const HERE = { valence: 0.2, arousal: 0.4 };

/** An ending whose reading is certain. */
const ended = (forecast: readonly Forecast[], sd = 0) => ({ forecast, valenceSd: sd, arousalSd: sd });

test('at the forecast point, the distance comes from the uncertainty of the opening alone', () => {
  // Equal variances: ln 2 on each axis.
  expect(distance(ended(forecastTo(HERE)), pathOf(HERE, HERE, 0.2))).toBeCloseTo(Math.sqrt(Math.log(2)), 9);
  expect(distance(ended(forecastTo(HERE)), pathOf(HERE, HERE, 0))).toBeCloseTo(0.05, 2);
});

test('the uncertainty of the reading adds to that of its forecast', () => {
  const path = pathOf({ valence: 0.2 + 0.3, arousal: 0.4 }, undefined, 0.2);
  // Variances: 0.04 of the forecast, 0.04 of the reading, 0.04 of the opening.
  const wanted = Math.sqrt(0.09 / 0.12 / 2 + Math.log(1.5));
  expect(distance(ended(forecastTo(HERE), 0.2), path)).toBeCloseTo(wanted, 9);
});

test('elsewhere it is measured in standard deviations of both', () => {
  const path = pathOf({ valence: 0.2 + 0.3, arousal: 0.4 }, undefined, 0.2);
  // One axis of two is 0.3 away, with variances of 0.04 on each side.
  expect(distance(ended(forecastTo(HERE)), path)).toBeCloseTo(Math.sqrt(0.09 / 0.08 / 2 + Math.log(2)), 9);
});

test('an opening that follows the forecast is nearer than one that stays at either end of it', () => {
  const there = { valence: -0.4, arousal: 0.1 };
  const forecast = forecastTo(there, HERE);
  const following = distance(ended(forecast), pathOf(HERE, there));
  expect(following).toBeLessThan(distance(ended(forecast), pathOf(HERE)));
  expect(following).toBeLessThan(distance(ended(forecast), pathOf(there)));
});

test('uncertainty is no advantage: of two openings at the forecast point, the more certain one is nearer', () => {
  const forecast = forecastTo(HERE);
  const distances = [0.02, 0.1, 0.2, 0.4].map((sd) => distance(ended(forecast), pathOf(HERE, HERE, sd)));
  expect(distances).toEqual([...distances].sort((a, b) => a - b));
  // Far away it is the reverse.
  const far = { valence: -0.8, arousal: -0.6 };
  expect(distance(ended(forecast), pathOf(far, far, 0.1))).toBeGreaterThan(
    distance(ended(forecast), pathOf(far, far, 0.2)),
  );
});

test('the prediction at 3 s replaces those of the first 3 s', () => {
  const path = pathOf(HERE);
  const unsettled = path.map((step) =>
    step.at < 3 ? { ...step, valence: 0, arousal: 0, arousalSd: 0.3 } : step,
  );
  expect(distance(ended(forecastTo(HERE)), unsettled)).toBe(distance(ended(forecastTo(HERE)), path));
  const settled = path.map((step) => (step.at === 3 ? { ...step, valence: 0.9 } : step));
  expect(distance(ended(forecastTo(HERE)), settled)).toBeGreaterThan(distance(ended(forecastTo(HERE)), path));
});

test('every half second has equal weight, also after the last horizon', () => {
  const far = { valence: -0.8, arousal: 0.4 };
  const changing = (from: number, to: number) =>
    pathOf(HERE).map((step) => (step.at > from && step.at <= to ? { ...step, ...far } : step));
  const forecast = forecastTo(HERE);
  expect(distance(ended(forecast), changing(10, 12))).toBeCloseTo(
    distance(ended(forecast), changing(5, 7)),
    9,
  );
  expect(distance(ended(forecast), changing(10, 15))).toBeGreaterThan(
    distance(ended(forecast), changing(10, 12)),
  );
});

test('an interval that is cut off at the end of the axis is taken as symmetric', () => {
  const edge = { valence: 0.95, arousal: 0 };
  const forecast = forecastTo(edge).map((one) => ({ ...one, valenceHigh: 1 }));
  expect(distance(ended(forecast), pathOf(HERE))).toBeCloseTo(
    distance(ended(forecastTo(edge)), pathOf(HERE)),
    9,
  );
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
      const d = distance(ended(forecast), pathOf(from, at, opening));
      expect(Number.isFinite(d) && d >= 0).toBe(true);
    }),
  );
});

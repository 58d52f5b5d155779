import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitScale, MIN_SLOPE, type RatedReading, type ScalePrior } from '../../src/profiles/fit-scale.ts';

const PRIOR: ScalePrior = { offsetSd: 0.1, slopeSd: 0.3, noiseSd: 0.2 };
const FLAT: ScalePrior = { offsetSd: 1e4, slopeSd: 1e4, noiseSd: 0.2 };
const axis = fc.double({ min: -1, max: 1, noNaN: true });
const pieces = (options: { minLength?: number } = {}) =>
  fc.array(fc.record({ reading: axis, rating: axis }), { maxLength: 40, ...options });

/** What the fit minimizes. */
function loss(rated: readonly RatedReading[], prior: ScalePrior, offset: number, slope: number): number {
  const errors = rated.map(({ reading, rating }) => (rating - offset - slope * reading) ** 2);
  const weight = (sd: number) => (prior.noiseSd / sd) ** 2;
  const shrinkage = weight(prior.offsetSd) * offset ** 2 + weight(prior.slopeSd) * (slope - 1) ** 2;
  return errors.reduce((sum, one) => sum + one, shrinkage);
}

describe('the fit of a scale', () => {
  test('changes nothing without ratings, and with ratings equal to the readings', () => {
    expect(fitScale([], PRIOR)).toEqual({ offset: 0, slope: 1 });
    const equal = [-0.5, 0, 0.7].map((x) => ({ reading: x, rating: x }));
    const { offset, slope } = fitScale(equal, PRIOR);
    expect(offset).toBeCloseTo(0, 12);
    expect(slope).toBeCloseTo(1, 12);
  });

  test('is least squares with a prior that knows nothing', () => {
    const rated = [-0.4, -0.1, 0.2, 0.3].map((x) => ({ reading: x, rating: 0.1 + 1.5 * x }));
    const { offset, slope } = fitScale(rated, FLAT);
    expect(offset).toBeCloseTo(0.1, 6);
    expect(slope).toBeCloseTo(1.5, 6);
  });

  test('shrinks an offset by n / (n + λ) when all readings are 0', () => {
    const rated = Array.from({ length: 6 }, () => ({ reading: 0, rating: 0.3 }));
    expect(fitScale(rated, PRIOR).offset).toBeCloseTo((0.3 * 6) / (6 + 4), 12); // λ = (0.2 / 0.1)²
  });

  test('has the least loss of all scales with an allowed slope', () => {
    const change = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(pieces({ minLength: 1 }), change, change, (rated, more, steeper) => {
        const { offset, slope } = fitScale(rated, PRIOR);
        expect(slope).toBeGreaterThanOrEqual(MIN_SLOPE);
        const other = loss(rated, PRIOR, offset + more, Math.max(MIN_SLOPE, slope + steeper));
        expect(loss(rated, PRIOR, offset, slope)).toBeLessThanOrEqual(other + 1e-9);
      }),
    );
  });

  test('does not depend on the order of the pieces, nor on a factor of the whole prior', () => {
    fc.assert(
      fc.property(pieces(), fc.double({ min: 0.1, max: 10, noNaN: true }), (rated, factor) => {
        const one = fitScale(rated, PRIOR);
        const doubled = {
          offsetSd: factor * PRIOR.offsetSd,
          slopeSd: factor * PRIOR.slopeSd,
          noiseSd: factor * PRIOR.noiseSd,
        };
        for (const other of [fitScale([...rated].reverse(), PRIOR), fitScale(rated, doubled)]) {
          expect(other.offset).toBeCloseTo(one.offset, 9);
          expect(other.slope).toBeCloseTo(one.slope, 9);
        }
      }),
    );
  });

  test('never turns an axis round', () => {
    const opposite = [-0.8, -0.4, 0.4, 0.8].map((x) => ({ reading: x, rating: -x }));
    expect(fitScale(opposite, FLAT).slope).toBe(MIN_SLOPE);
  });
});

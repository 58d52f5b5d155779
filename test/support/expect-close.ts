import { expect } from 'vitest';

/** Every number within `tolerance` of its counterpart. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const worst = Array.from(expected, (value, i) => Math.abs(value - actual[i]!)).reduce(
    (a, b) => Math.max(a, b),
    0,
  );
  expect(worst).toBeLessThan(tolerance);
}

import { STEP_SECONDS } from '../../src/types.ts';

type Readings = readonly (number | null | undefined)[];

/** Root of the mean squared change of the reading within `steps` steps; NaN if it is too short. */
export function rmsChange(readings: Readings, steps: number): number {
  const squares = readings.flatMap((now, i) => {
    const before = readings[i - steps];
    return now == null || before == null ? [] : [(now - before) ** 2];
  });
  return Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length);
}

/**
 * Seconds after a cut until the reading is nearer to that of the end than to that before the cut.
 *
 * @param cut the first step after it
 * @param least change of the reading under which there is nothing to wait for
 * @returns undefined if the reading changes less, or is unknown
 */
export function halfWaySeconds(readings: Readings, cut: number, least: number): number | undefined {
  const [before, after] = [readings[cut - 1], readings.at(-1)];
  if (before == null || after == null || Math.abs(after - before) < least) return undefined;
  const step = readings.findIndex(
    (now, i) => i >= cut && now != null && Math.abs(now - after) < Math.abs(now - before),
  );
  return STEP_SECONDS * (step - cut + 1);
}

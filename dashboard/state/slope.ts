import type { Axis } from '../../src/frame-fields.ts';
import { firstAfter, type Steps } from './steps.ts';

/** Share of the time that the steps with music must span, and share of the steps there must be: some may be late. */
const MIN_SPAN = 0.6;
const MIN_STEPS = 0.3;

/**
 * Change of an axis per second over the last `seconds` of `steps`: the slope of the least-squares line through its
 * values. Null if too few of the steps have music, or if these are of a short part of the time.
 */
export function slopeOf(steps: Steps, axis: Axis, seconds: number): number | null {
  if (steps.length === 0) return null;
  const newest = steps.x(steps.length - 1);
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  let [first, last] = [0, -seconds];
  for (let i = firstAfter(steps, newest - seconds); i < steps.length; i++) {
    if (!steps.isMusic(i)) continue;
    // Relative to the newest: times since 1970 would cost all precision.
    const x = steps.x(i) - newest;
    const y = steps[axis](i);
    if (n++ === 0) first = x;
    last = x;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
  }
  const determinant = n * sumXX - sumX * sumX;
  const span = last - first + steps.stepSeconds;
  const enough = span >= MIN_SPAN * seconds && n >= Math.max(3, (MIN_STEPS * seconds) / steps.stepSeconds);
  if (!enough || determinant <= 0) return null;
  return (n * sumXY - sumX * sumY) / determinant;
}

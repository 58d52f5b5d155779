import type { Axis } from '../../src/frame-fields.ts';
import { firstAfter, type Steps } from './steps.ts';

/** Share of the steps that must have music: a slope over a few steps means nothing. */
const MIN_SHARE = 0.6;

/**
 * Change of an axis per second over the last `seconds` of `steps`: the slope of the least-squares line through its
 * values. Null if too few of the steps have music.
 */
export function slopeOf(steps: Steps, axis: Axis, seconds: number): number | null {
  if (steps.length === 0) return null;
  const newest = steps.x(steps.length - 1);
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (let i = firstAfter(steps, newest - seconds); i < steps.length; i++) {
    if (!steps.isMusic(i)) continue;
    // Relative to the newest: times since 1970 would cost all precision.
    const x = steps.x(i) - newest;
    const y = steps[axis](i);
    n++;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
  }
  const determinant = n * sumXX - sumX * sumX;
  if (n < Math.max(3, (MIN_SHARE * seconds) / steps.stepSeconds) || determinant <= 0) return null;
  return (n * sumXY - sumX * sumY) / determinant;
}

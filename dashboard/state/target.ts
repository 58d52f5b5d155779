import { type PlanePoint, planeDistance, type TargetPoint, targetAt } from '../../src/types.ts';
import { firstAfter, type Steps } from './steps.ts';

/** The target path of a session, on a chart's axis of time. */
export interface SceneTarget {
  readonly path: readonly TargetPoint[];
  /** Start of the session in seconds since 1970, as the ring's `x`. */
  readonly startX: number;
}

/** From one point of the plane to another. */
export interface TargetLeg {
  readonly from: PlanePoint;
  readonly to: PlanePoint;
  readonly minutes: number;
}

/** Seconds of readings that the distance is taken over, so that it does not flicker. */
const MEAN_SECONDS = 4;
/** The distance shown changes once it is this far from it: a little more than half of its last decimal. */
const STEADY = 0.07;
const MAX_POINTS = 64;

export const sceneTarget = (path: readonly TargetPoint[] | null, startX: number): SceneTarget | null =>
  path === null ? null : { path, startX };

/** The target at a place on the chart; null before the path begins. */
export const targetAtX = ({ path, startX }: SceneTarget, x: number): PlanePoint | null =>
  targetAt(path, x - startX);

/** How far a target goes from 0 on either axis. */
export const targetReach = (target: SceneTarget | null): number =>
  (target?.path ?? []).reduce(
    (reach, { valence, arousal }) => Math.max(reach, Math.abs(valence), Math.abs(arousal)),
    0,
  );

/** Distance of the mean of the newest readings from the present target; null without music or target. */
export function presentDistance(steps: Steps, target: SceneTarget): number | null {
  const last = steps.length - 1;
  if (last < 0 || !steps.isMusic(last)) return null;
  const newest = steps.x(last);
  const goal = targetAtX(target, newest);
  if (goal === null) return null;
  let [count, valence, arousal] = [0, 0, 0];
  const first = Math.min(last, firstAfter(steps, newest - Math.max(MEAN_SECONDS, steps.stepSeconds)));
  for (let i = first; i <= last; i++) {
    if (!steps.isMusic(i)) continue;
    count++;
    valence += steps.valence(i);
    arousal += steps.arousal(i);
  }
  return planeDistance({ valence: valence / count, arousal: arousal / count }, goal);
}

/** A distance in tenths that keeps the one shown until it is clearly another. */
export function steadyTenth(value: number | null, shown: number | null): number | null {
  if (value === null) return null;
  return shown !== null && Math.abs(value - shown) <= STEADY ? shown : Math.round(value * 10) / 10;
}

/**
 * A path that leads on from the present: what is over of the one before stays, so that a report compares each moment
 * with the target that it had.
 *
 * @param t the present, seconds since the start of the session
 */
export function continuedPath(
  before: readonly TargetPoint[] | null,
  t: number,
  { from, to, minutes }: TargetLeg,
): TargetPoint[] {
  const start = Math.max(0, Math.round(t * 10) / 10);
  const end = start + 60 * minutes;
  const passed = (before ?? []).filter((point) => point.t < start);
  const until = passed.length > 0 ? targetAt(before!, start) : null;
  const last = passed.at(-1);
  // The path jumps: two points a tenth of a second apart.
  const jump = until !== null && last!.t < start - 0.1 ? [{ t: start - 0.1, ...until }] : [];
  const path = [...passed, ...jump, { t: start, ...from }, { t: end, ...to }];
  return path.slice(-MAX_POINTS);
}

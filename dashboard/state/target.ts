import { type PlanePoint, planeDistance, type TargetPoint, targetAt } from '../../src/types.ts';
import { firstAfter, type Steps } from './steps.ts';

/** The target path of a session, on a chart's axis of time. */
export interface SceneTarget {
  readonly path: readonly TargetPoint[];
  /** Start of the session in seconds since 1970, as the ring's `x`. */
  readonly startX: number;
}

/** A place that a target leads to. */
export interface TargetStep extends PlanePoint {
  /** Of this step within its plan, whatever its place in the order. */
  readonly id: number;
  /** From the step before. */
  readonly minutes: number;
}

/** Where a target leads from the present on: through the places of its steps, in order. */
export interface TargetPlan {
  readonly from: PlanePoint;
  /** At least one. */
  readonly steps: readonly TargetStep[];
}

/** Seconds of readings that the distance is taken over, so that it does not flicker. */
const MEAN_SECONDS = 4;
/** The distance shown changes once it is this far from it: a little more than half of its last decimal. */
const STEADY = 0.07;
const MAX_POINTS = 64;
/** Steps of a plan at most, so that a path keeps room for what is over of it. */
export const MAX_STEPS = 20;
/** A target that is this close to the present place of the path before continues it. */
const SAME_PLACE = 0.01;

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
  { from, steps }: TargetPlan,
): TargetPoint[] {
  const start = Math.max(0, Math.round(t * 10) / 10);
  const passed = (before ?? []).filter((point) => point.t < start);
  const until = passed.length > 0 ? targetAt(before!, start) : null;
  const last = passed.at(-1);
  // The path jumps: two points a tenth of a second apart.
  const jumps = until !== null && last!.t < start - 0.1 && planeDistance(until, from) > SAME_PLACE;
  const path = [...passed, ...(jumps ? [{ t: start - 0.1, ...until }] : []), { t: start, ...from }];
  let at = start;
  for (const { valence, arousal, minutes } of steps) {
    at += 60 * minutes;
    path.push({ t: Math.round(at * 10) / 10, valence, arousal });
  }
  return path.slice(-MAX_POINTS);
}

/** What is still to come of a path, to be changed; null if all of it is over. */
export function remainingPlan(path: readonly TargetPoint[] | null, t: number): TargetPlan | null {
  const ahead = (path ?? []).filter((point) => point.t > t).slice(0, MAX_STEPS);
  if (path === null || ahead.length === 0) return null;
  const present = targetAt(path, t);
  const [first, ...others] = ahead;
  // A path that has not begun leads from its first point on.
  const steps = present === null && others.length > 0 ? others : [first!, ...others];
  let before = present === null && others.length > 0 ? first!.t : t;
  return {
    from: rounded(present ?? first!),
    steps: steps.map((point, id) => {
      const minutes = Math.max(0.1, Math.round((point.t - before) / 6) / 10);
      before = point.t;
      return { id, ...rounded(point), minutes };
    }),
  };
}

/** In hundredths, as the fields of a form show it. */
const rounded = ({ valence, arousal }: PlanePoint): PlanePoint => ({
  valence: Math.round(100 * valence) / 100 + 0,
  arousal: Math.round(100 * arousal) / 100 + 0,
});

/** A plan with one step more: on from its last place, for as long as that took. */
export function withStep({ from, steps }: TargetPlan): TargetPlan {
  const last = steps.at(-1)!;
  return { from, steps: [...steps, { ...last, id: Math.max(...steps.map(({ id }) => id)) + 1 }] };
}

/** A plan in which a step is one place earlier (−1) or later (1), if it can be. */
export function withMoved({ from, steps }: TargetPlan, id: number, by: -1 | 1): TargetPlan {
  const at = steps.findIndex((step) => step.id === id);
  const other = steps[at + by];
  if (other === undefined) return { from, steps };
  return { from, steps: steps.with(at + by, steps[at]!).with(at, other) };
}

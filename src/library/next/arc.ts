import { UserError } from '../../user-error.ts';
import { parseDuration } from '../../util/duration.ts';
import type { Point } from '../answers.ts';

/** Where the music should be, by seconds from now. */
export type Arc = (seconds: number) => Point;

/** A point of an arc and its time. */
export interface ArcPoint extends Point {
  readonly seconds: number;
}

/** How far a direction leads from where the music is: about one standard deviation between songs. */
const DIRECTIONS: Readonly<Record<string, Point>> = {
  same: { valence: 0, arousal: 0 },
  up: { valence: 0.1, arousal: 0.3 },
  down: { valence: -0.1, arousal: -0.3 },
  calmer: { valence: 0, arousal: -0.3 },
  livelier: { valence: 0, arousal: 0.3 },
  brighter: { valence: 0.3, arousal: 0 },
  darker: { valence: -0.3, arousal: 0 },
};

/** A direction is reached after this long, and so is a single point: about one track. */
const RAMP_SECONDS = 180;

/** The forms of a target, for help texts. */
export const TARGET_USAGE = `${Object.keys(DIRECTIONS).join(', ')}; a point such as 0.3,0.5; or a path in the order of time, such as "0.2,0.6@20m;0,-0.4@60m"`;

/** Linear between points in the order of their times, constant before the first and after the last. */
export function arcThrough(points: readonly ArcPoint[]): Arc {
  return (seconds) => {
    const next = points.find((point) => point.seconds >= seconds) ?? points.at(-1)!;
    const before = points.findLast((point) => point.seconds <= seconds) ?? points[0]!;
    const span = next.seconds - before.seconds;
    const share = span > 0 ? (seconds - before.seconds) / span : 0;
    const between = (axis: 'valence' | 'arousal') => before[axis] + share * (next[axis] - before[axis]);
    return { valence: between('valence'), arousal: between('arousal') };
  };
}

/**
 * Reads a target: a direction, a point, or a path of points with times.
 *
 * @param at where the music is now: the arc begins there
 * @throws UserError `bad-target`
 */
export function parseTarget(text: string, at: Point): Arc {
  const now = { ...at, seconds: 0 };
  const direction = Object.hasOwn(DIRECTIONS, text) ? DIRECTIONS[text] : undefined;
  if (direction) {
    const clamp = (value: number) => Math.max(-1, Math.min(1, value));
    const valence = clamp(at.valence + direction.valence);
    return arcThrough([
      now,
      { valence, arousal: clamp(at.arousal + direction.arousal), seconds: RAMP_SECONDS },
    ]);
  }
  const points = text.split(';').map((part) => {
    const [, valence, arousal, time] =
      /^\s*([+-]?[\d.]+)\s*,\s*([+-]?[\d.]+)\s*(?:@\s*(\S+))?\s*$/.exec(part) ?? [];
    const seconds = time === undefined ? RAMP_SECONDS : (parseDuration(time) ?? Number.NaN) / 1000;
    return { valence: Number(valence), arousal: Number(arousal), seconds };
  });
  const isOnAxis = (value: number) => value >= -1 && value <= 1;
  const inOrder = points.every(({ seconds }, i) => seconds > (points[i - 1]?.seconds ?? 0));
  if (inOrder && points.every(({ valence, arousal }) => isOnAxis(valence) && isOnAxis(arousal)))
    return arcThrough([now, ...points]);
  throw new UserError('bad-target', `"${text}" is not a target: expected ${TARGET_USAGE}.`);
}

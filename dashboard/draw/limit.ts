import type { Steps } from '../state/steps.ts';

/** Ends of the axes that are drawn, as ± values: music rarely leaves ±0.6. */
const LIMITS = [0.6, 0.8, 1] as const;
/** A smaller limit is used again only when the values are this far inside it. */
const MARGIN = 0.08;

/** The smallest limit that contains ± `reach`; it does not flicker between two. */
export function limitFor(reach: number, current: number): number {
  const needed = LIMITS.find((limit) => reach <= limit) ?? 1;
  if (needed >= current) return needed;
  return LIMITS.find((limit) => reach <= limit - MARGIN && limit < current) ?? current;
}

export const DEFAULT_LIMIT = LIMITS[0];

/** How far the last `count` steps go from 0 on either axis. */
export function trailReach(steps: Steps, count: number): number {
  let reach = 0;
  for (let i = Math.max(0, steps.length - count); i < steps.length; i++)
    if (steps.isMusic(i)) reach = Math.max(reach, Math.abs(steps.valence(i)), Math.abs(steps.arousal(i)));
  return reach;
}

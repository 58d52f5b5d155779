import type { PlanePoint } from '../../src/client/index.ts';
import { MOODS } from '../../src/types.ts';
import type { TargetPlan } from './target.ts';

/** How far from the middle the place of a mood is. */
const RADIUS = 0.5;

/** Moods that name a place of the plane. */
export const TARGET_MOODS = MOODS.filter((mood) => mood !== 'uncertain');
export type TargetMood = (typeof TARGET_MOODS)[number];

/** What a new target leads to, before anybody has chosen. */
export const DEFAULT_PLAN: TargetPlan = {
  from: { valence: 0, arousal: 0 },
  steps: [{ id: 0, minutes: 10, ...placeOfMood('calm') }],
};

/** A place in the middle of a mood's region, in steps of 0.05. */
export function placeOfMood(mood: TargetMood): PlanePoint {
  if (mood === 'neutral') return { valence: 0, arousal: 0 };
  const angle = (Math.PI / 4) * MOODS.indexOf(mood);
  const rounded = (value: number) => Math.round(20 * RADIUS * value) / 20 + 0;
  return { valence: rounded(Math.cos(angle)), arousal: rounded(Math.sin(angle)) };
}

import { distanceOutside, type Mood } from '../../src/mood.ts';
import { STEP_SECONDS } from '../../src/types.ts';

const OTHER_MOOD = 0.1;
const SAME_MOOD = 0.05;

/** Mood words of steps; null where there is no music. */
type Words = readonly (Mood | null)[];

/** Changes of the word per minute with music. */
export function changesPerMinute(words: Words): number {
  const some = words.filter((one) => one !== null);
  const changes = some.filter((one, i) => i > 0 && one !== some[i - 1]).length;
  return (60 * changes) / (some.length * STEP_SECONDS);
}

/**
 * Seconds from a cut until a word has a region within 0.05 of the mood of the piece after it; infinite if none has.
 *
 * @param cut the first step after it
 * @returns undefined if the word before the cut is nearer than 0.1 to that mood, or there is none
 */
export function secondsToMood(
  words: Words,
  cut: number,
  mood: { readonly valence: number; readonly arousal: number },
): number | undefined {
  const outside = (one: Mood | null) =>
    one === null || one === 'uncertain'
      ? Number.POSITIVE_INFINITY
      : distanceOutside(one, mood.valence, mood.arousal);
  const before = words[cut - 1] ?? null;
  if (before === null || before === 'uncertain' || outside(before) < OTHER_MOOD) return undefined;
  const at = words.findIndex((one, i) => i >= cut && outside(one) <= SAME_MOOD);
  return at < 0 ? Number.POSITIVE_INFINITY : (at - cut + 1) * STEP_SECONDS;
}

import { quadrantOf } from '../../src/mood.ts';

/** Two ways to divide the circumplex into four classes: by the signs of both axes, or by the nearest of four words. */
export const SCHEMES = ['quadrants', 'words'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Four words and their angles on the circumplex in degrees from pleasure to arousal (Russell 1980, circular scaling). */
export const WORDS = [
  { word: 'happy', degrees: 7.8 },
  { word: 'tense', degrees: 92.8 },
  { word: 'sad', degrees: 207.5 },
  { word: 'relaxed', degrees: 318 },
] as const;

/** Names of the classes of each scheme, by class index. */
export const CLASS_NAMES: Readonly<Record<Scheme, readonly string[]>> = {
  quadrants: ['V− A−', 'V+ A−', 'V− A+', 'V+ A+'],
  words: WORDS.map(({ word }) => word),
};

/** Class of a point, 0 … 3. */
export function classOf(scheme: Scheme, valence: number, arousal: number): number {
  return scheme === 'quadrants' ? quadrantOf(valence, arousal) : wordOf(valence, arousal);
}

/** Index into `WORDS` of the word with the nearest angle. The origin, which has no angle, counts as 0°. */
export function wordOf(valence: number, arousal: number): number {
  const degrees = (Math.atan2(arousal, valence) * 180) / Math.PI;
  let best = 0;
  for (let word = 1; word < WORDS.length; word++) {
    if (angleBetween(degrees, WORDS[word]!.degrees) < angleBetween(degrees, WORDS[best]!.degrees))
      best = word;
  }
  return best;
}

/** Degrees between two angles, 0 … 180. */
function angleBetween(a: number, b: number): number {
  const turn = (((a - b) % 360) + 360) % 360;
  return Math.min(turn, 360 - turn);
}

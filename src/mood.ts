/**
 * Words for the regions of Russell's circumplex: a neutral disc in the middle and eight sectors of 45°, starting at
 * pleasant (valence 1) and turning towards high arousal.
 */
export const MOODS = [
  'happy', // 0°: pleasant, medium arousal
  'excited', // 45°
  'energetic', // 90°: high arousal, neither pleasant nor unpleasant
  'tense', // 135°
  'gloomy', // 180°: unpleasant
  'sad', // 225°
  'subdued', // 270°: low arousal, neither pleasant nor unpleasant
  'calm', // 315°
  'neutral', // within NEUTRAL_RADIUS of the middle
] as const;

export type Mood = (typeof MOODS)[number];

/** A point closer to the middle than this is neutral. */
export const NEUTRAL_RADIUS = 0.12;
/** A point must pass a border by this much before the word changes (hysteresis), so that it does not flicker. */
const RADIUS_MARGIN = 0.03;
const ANGLE_MARGIN_DEGREES = 7;
const SECTOR_DEGREES = 45;

/**
 * The word for a point of the circumplex.
 *
 * @param valence -1 … 1
 * @param arousal -1 … 1
 * @param previous the word of the step before; it stays while the point is within a margin of its region
 */
export function moodOf(valence: number, arousal: number, previous?: Mood | null): Mood {
  const radius = Math.hypot(valence, arousal);
  const margin = previous === 'neutral' ? RADIUS_MARGIN : previous ? -RADIUS_MARGIN : 0;
  if (radius < NEUTRAL_RADIUS + margin) return 'neutral';
  const degrees = (Math.atan2(arousal, valence) * 180) / Math.PI;
  if (previous && previous !== 'neutral') {
    const middle = MOODS.indexOf(previous) * SECTOR_DEGREES;
    const away = Math.abs(((degrees - middle + 540) % 360) - 180);
    if (away < SECTOR_DEGREES / 2 + ANGLE_MARGIN_DEGREES) return previous;
  }
  return MOODS[Math.round(((degrees + 360) % 360) / SECTOR_DEGREES) % 8]!;
}

/** The quadrant of the circumplex as a number, 0 … 3: 1 for positive valence plus 2 for positive arousal; 0 is positive. */
export function quadrantOf(valence: number, arousal: number): number {
  return (valence >= 0 ? 1 : 0) + (arousal >= 0 ? 2 : 0);
}

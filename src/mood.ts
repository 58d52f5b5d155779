/**
 * Words for the regions of Russell's circumplex: a neutral disc in the middle and eight sectors of 45°, starting at
 * pleasant (valence 1) and turning towards high arousal. `uncertain` has no region: it replaces the word of a reading
 * whose standard deviations are too wide for any word.
 *
 * The log has one column per word in this order: new words are added at the end, with a migration.
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
  'uncertain',
] as const;

export type Mood = (typeof MOODS)[number];
/** A word that names a region of the plane. */
export type MoodRegion = Exclude<Mood, 'uncertain'>;

/** A point closer to the middle than this is neutral. */
export const NEUTRAL_RADIUS = 0.12;
const SECTOR = Math.PI / 4;

/**
 * The word for a point of the circumplex. The word of a stream also depends on the readings before: mood-hold.ts.
 *
 * @param valence -1 … 1
 * @param arousal -1 … 1
 */
export function moodOf(valence: number, arousal: number): MoodRegion {
  if (Math.hypot(valence, arousal) < NEUTRAL_RADIUS) return 'neutral';
  return MOODS[(Math.round(Math.atan2(arousal, valence) / SECTOR) + 8) % 8] as MoodRegion;
}

/** How far a point is outside the region of a word, in units of the axes; negative inside, to its nearest border. */
export function distanceOutside(mood: MoodRegion, valence: number, arousal: number): number {
  const radius = Math.hypot(valence, arousal);
  if (mood === 'neutral') return radius - NEUTRAL_RADIUS;
  const turn = Math.atan2(arousal, valence) - SECTOR * MOODS.indexOf(mood);
  const past = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn))) - SECTOR / 2;
  return Math.max(NEUTRAL_RADIUS - radius, past > Math.PI / 2 ? radius : radius * Math.sin(past));
}

/** Normal quantiles of (i + 0.5) / 16, for i = 8 … 15: with their negatives, 16 equally likely values. */
const QUANTILES = [0.0784, 0.2372, 0.4023, 0.5791, 0.7764, 1.01, 1.318, 1.8627];
const NORMAL = [...QUANTILES.map((z) => -z), ...QUANTILES];
/** Near neutral is any point closer to the middle than this; 41 % of the labels of DEAM are. */
const NEAR_NEUTRAL_RADIUS = 0.3;
/** Near a direction is any point within 67.5° of it: its sector and the two beside it. */
const NEAR_COSINE = Math.cos(1.5 * SECTOR);

/**
 * Probability, in steps of 1/256, that the word for a reading or one near it is right, if the errors of both axes are
 * normal and independent.
 *
 * @param mood the word at the point (`valence`, `arousal`)
 */
export function probabilityNear(
  mood: MoodRegion,
  valence: number,
  arousal: number,
  valenceSd: number,
  arousalSd: number,
): number {
  const angle = SECTOR * MOODS.indexOf(mood);
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  let near = 0;
  for (const zv of NORMAL) {
    const v = valence + zv * valenceSd;
    for (const za of NORMAL) {
      const a = arousal + za * arousalSd;
      const radius = Math.sqrt(v * v + a * a); // Math.hypot takes several times as long
      if (mood === 'neutral' ? radius < NEAR_NEUTRAL_RADIUS : v * x + a * y >= NEAR_COSINE * radius) near++;
    }
  }
  return near / NORMAL.length ** 2;
}

/** The quadrant of the circumplex as a number, 0 … 3: 1 for positive valence plus 2 for positive arousal; 0 is positive. */
export function quadrantOf(valence: number, arousal: number): number {
  return (valence >= 0 ? 1 : 0) + (arousal >= 0 ? 2 : 0);
}

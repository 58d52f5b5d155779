/** Quadrants of the circumplex, by the numbers of `quadrantOf`, and what music there is said to express. */
export const QUADRANTS = [
  { name: 'Sad', words: 'sadness or gloom', where: 'negative valence, low arousal' },
  { name: 'Calm', words: 'calm or tenderness', where: 'positive valence, low arousal' },
  { name: 'Tense', words: 'tension or unrest', where: 'negative valence, high arousal' },
  { name: 'Excited', words: 'joy or excitement', where: 'positive valence, high arousal' },
] as const;

/** In the order in which they are told: round the plane from the upper right. */
export const QUADRANT_ORDER = [3, 2, 0, 1] as const;

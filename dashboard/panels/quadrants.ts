/** A mood of each quadrant, and its corner of the plane. */
export const QUADRANTS = [
  ['tense', 'top left'],
  ['excited', 'top right'],
  ['sad', 'bottom left'],
  ['calm', 'bottom right'],
] as const;

export interface QuadrantScores {
  /** Share of steps in the right quadrant of the circumplex. */
  readonly accuracy: number;
  /** Mean over the quadrants of F1; one that is neither said nor true is left out. */
  readonly macroF1: number;
}

/** @param said, truth quadrants of the same steps */
export function quadrantScores(said: readonly number[], truth: readonly number[]): QuadrantScores {
  const right = said.filter((q, i) => q === truth[i]).length;
  const f1s: number[] = [];
  for (let quadrant = 0; quadrant < 4; quadrant++) {
    const hits = said.filter((q, i) => q === quadrant && truth[i] === quadrant).length;
    const claims = said.filter((q) => q === quadrant).length;
    const cases = truth.filter((q) => q === quadrant).length;
    if (claims + cases > 0) f1s.push((2 * hits) / (claims + cases));
  }
  return { accuracy: right / said.length, macroF1: f1s.reduce((sum, f) => sum + f, 0) / f1s.length };
}

/** Four words, and where the first study of the circumplex found them (Russell 1980, circular scaling): degrees from pleasure to arousal. */
export const WORDS = [
  { word: 'happy', degrees: 7.8 },
  { word: 'tense', degrees: 92.8 },
  { word: 'sad', degrees: 207.5 },
  { word: 'relaxed', degrees: 318 },
] as const;

/** Index into `WORDS` of the word that is nearest in angle; the middle of the plane itself, which has no angle, is at 0°. */
export function wordOf(valence: number, arousal: number): number {
  const degrees = (Math.atan2(arousal, valence) * 180) / Math.PI;
  let best = 0;
  for (let word = 1; word < WORDS.length; word++) {
    if (apart(degrees, WORDS[word]!.degrees) < apart(degrees, WORDS[best]!.degrees)) best = word;
  }
  return best;
}

/** Degrees between two angles, 0 … 180. */
function apart(a: number, b: number): number {
  const turn = (((a - b) % 360) + 360) % 360;
  return Math.min(turn, 360 - turn);
}

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

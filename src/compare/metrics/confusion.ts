/** How well classes were told: means over the classes count each as much, however rare. */
export interface ClassScores {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** counts[true][said] */
export type Confusion = readonly (readonly number[])[];

/** @param said, truth classes 0 … classes − 1 of the same steps */
export function confusionOf(said: ArrayLike<number>, truth: ArrayLike<number>, classes = 4): Confusion {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![said[i]!]!++;
  return counts;
}

/** A class that is neither said nor true is left out; what would be 0 of 0 else is 0. */
export function classScores(confusion: Confusion): ClassScores {
  const all = confusion.flat().reduce((sum, n) => sum + n, 0);
  const right = confusion.reduce((sum, row, i) => sum + row[i]!, 0);
  const each = confusion.flatMap((row, i) => {
    const cases = row.reduce((sum, n) => sum + n, 0);
    const claims = confusion.reduce((sum, other) => sum + other[i]!, 0);
    if (cases + claims === 0) return [];
    const hits = row[i]!;
    return [
      {
        precision: claims > 0 ? hits / claims : 0,
        recall: cases > 0 ? hits / cases : 0,
        f1: (2 * hits) / (cases + claims),
      },
    ];
  });
  const mean = (of: (one: (typeof each)[number]) => number) =>
    each.reduce((sum, one) => sum + of(one), 0) / each.length;
  return {
    accuracy: right / all,
    precision: mean((one) => one.precision),
    recall: mean((one) => one.recall),
    f1: mean((one) => one.f1),
  };
}

/** What would be right of always saying the most frequent class. */
export function majorityShare(confusion: Confusion): number {
  const cases = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  return Math.max(...cases) / cases.reduce((sum, n) => sum + n, 0);
}

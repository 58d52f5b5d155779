/** Scores of a classifier. Means over classes weigh each class equally, however rare. */
export interface ClassScores {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Counts of steps: confusion[true class][predicted class]. */
export type Confusion = readonly (readonly number[])[];

/** @param predicted, truth class indices (0 … classes − 1) of the same steps */
export function confusionOf(predicted: ArrayLike<number>, truth: ArrayLike<number>, classes = 4): Confusion {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![predicted[i]!]!++;
  return counts;
}

/** Leaves out classes that are neither predicted nor true. Any other 0 / 0 counts as 0. */
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

/** Accuracy of always predicting the most frequent class. */
export function majorityShare(confusion: Confusion): number {
  const cases = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  return Math.max(...cases) / cases.reduce((sum, n) => sum + n, 0);
}

/** A receiver operating characteristic: points from (0, 0) to (1, 1), and the area under the curve. */
export interface Roc {
  /** False positive rate, true positive rate; one for each distinct score. */
  readonly points: readonly (readonly [number, number])[];
  readonly auc: number;
}

/**
 * Equal scores make one point, so the area is the probability that a positive scores higher than a negative, with ties
 * counting half. It is NaN when there are no positives or no negatives.
 */
export function rocOf(scores: ArrayLike<number>, isPositive: (index: number) => boolean): Roc {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]!,
  );
  const positives = order.reduce((sum, i) => sum + (isPositive(i) ? 1 : 0), 0);
  const negatives = scores.length - positives;
  const points: [number, number][] = [[0, 0]];
  let [hits, alarms, auc] = [0, 0, 0];
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]!]!;
    const [x, y] = points.at(-1)!;
    for (; at < order.length && scores[order[at]!] === score; at++) {
      if (isPositive(order[at]!)) hits++;
      else alarms++;
    }
    const point: [number, number] = [alarms / negatives, hits / positives];
    auc += ((point[0] - x) * (point[1] + y)) / 2;
    points.push(point);
  }
  return { points, auc };
}

/** One curve for each class against the rest. @param probabilities [steps, classes] */
export function rocsOf(probabilities: Float32Array, truth: ArrayLike<number>, classes = 4): Roc[] {
  return Array.from({ length: classes }, (_, one) => {
    const scores = Float32Array.from({ length: truth.length }, (_, i) => probabilities[classes * i + one]!);
    return rocOf(scores, (i) => truth[i] === one);
  });
}

/** Mean area under the curve over the classes that occur. */
export function macroAuc(rocs: readonly Roc[]): number {
  const known = rocs.map(({ auc }) => auc).filter(Number.isFinite);
  return known.reduce((sum, auc) => sum + auc, 0) / known.length;
}

/** A receiver operating characteristic: points from (0, 0) to (1, 1), and the area below them. */
export interface Roc {
  /** False positive rate, true positive rate; one for each distinct score. */
  readonly points: readonly (readonly [number, number])[];
  readonly auc: number;
}

/**
 * Equal scores are one point, so that the area is the chance that a positive scores over a negative, a tie
 * counting half. NaN where there is none of either kind.
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

/** One class against the rest, for each. @param probabilities [steps, classes] */
export function rocsOf(probabilities: Float32Array, truth: ArrayLike<number>, classes = 4): Roc[] {
  return Array.from({ length: classes }, (_, one) => {
    const scores = Float32Array.from({ length: truth.length }, (_, i) => probabilities[classes * i + one]!);
    return rocOf(scores, (i) => truth[i] === one);
  });
}

/** Mean area over the classes that occur. */
export function macroAuc(rocs: readonly Roc[]): number {
  const known = rocs.map(({ auc }) => auc).filter(Number.isFinite);
  return known.reduce((sum, auc) => sum + auc, 0) / known.length;
}

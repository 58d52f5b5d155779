import type { Random } from './random.ts';

/** Mean valence and arousal of a clip's labels; undefined if it has none. */
export type LabelMean = readonly [valence: number, arousal: number] | undefined;

/** Bounds of a clip's weight: a few clips far from the others must not outweigh all of them. */
const LIGHTEST = 0.1;
const HEAVIEST = 5;

/**
 * Importance weights under which the valence and arousal of clips are uncorrelated: the density ratio
 * N(mean, T) / N(mean, C) at each clip's mean label, clipped to 0.1 … 5. C is the covariance over clips, and T is C
 * with its covariance of valence and arousal multiplied by 1 − strength, so variances stay (importance weighting for
 * covariate shift, Shimodaira 2000, with Gaussian densities). Clips without labels get the mean weight of the others.
 *
 * @param strength share of the covariance that is removed, 0 … 1
 * @returns one weight for each clip; all 1 if the labels lie on a line, where the ratio is undefined
 */
export function decorrelatingWeights(means: readonly LabelMean[], strength = 1): Float64Array {
  const labeled = means.filter((mean) => mean !== undefined);
  const { center, varV, varA, cov } = covarianceOf(labeled);
  const left = (1 - strength) * cov;
  const [det, detLeft] = [varV * varA - cov ** 2, varV * varA - left ** 2];
  if (!(det > 1e-6 * varV * varA)) return new Float64Array(means.length).fill(1);
  const ratio = ([valence, arousal]: readonly [number, number]) => {
    const [v, a] = [valence - center[0], arousal - center[1]];
    const squares = varA * v * v + varV * a * a;
    const distance = (squares - 2 * cov * v * a) / det - (squares - 2 * left * v * a) / detLeft;
    return Math.min(HEAVIEST, Math.max(LIGHTEST, Math.sqrt(det / detLeft) * Math.exp(distance / 2)));
  };
  const weights = means.map((mean) => mean && ratio(mean));
  const average = weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0) / labeled.length;
  return Float64Array.from(weights, (weight) => weight ?? average);
}

/** Mean valence and arousal over the labeled steps. @param labels [steps, 2], NaN where unknown */
export function labelMeanOfClip(labels: Float32Array): LabelMean {
  let [valence, arousal, n] = [0, 0, 0];
  for (let i = 0; i < labels.length; i += 2) {
    if (Number.isNaN(labels[i]!)) continue;
    valence += labels[i]!;
    arousal += labels[i + 1]!;
    n++;
  }
  return n > 0 ? [valence / n, arousal / n] : undefined;
}

/**
 * The option `decorrelate` of one ensemble member: members take the numbers of a list in turn. Runs that were started
 * by older versions have none.
 */
export function strengthOf(decorrelate: number | readonly number[] = 0, member = 0): number {
  return typeof decorrelate === 'number' ? decorrelate : decorrelate[member % decorrelate.length]!;
}

/**
 * As many indices as there are weights, in random order. Each index occurs in proportion to its weight, rounded up or
 * down (systematic resampling, Kitagawa 1996).
 */
export function drawByWeight(weights: Float64Array, random: Random): number[] {
  const n = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const offset = random.next();
  const drawn: number[] = [];
  let passed = 0;
  for (let i = 0; i < n; i++) {
    passed += (weights[i]! / total) * n;
    const last = i === n - 1; // so that rounding leaves none out
    while (drawn.length < n && (last || drawn.length + offset < passed)) drawn.push(i);
  }
  return random.permutation(n).map((k) => drawn[k]!);
}

function covarianceOf(points: readonly (readonly [number, number])[]) {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const center = [mean(([v]) => v), mean(([, a]) => a)] as const;
  return {
    center,
    varV: mean(([v]) => (v - center[0]) ** 2),
    varA: mean(([, a]) => (a - center[1]) ** 2),
    cov: mean(([v, a]) => (v - center[0]) * (a - center[1])),
  };
}

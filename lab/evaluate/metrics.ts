/** Predictions and labels of the same steps, in order. */
export interface Series {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** Scores of one axis. */
export interface AxisScores {
  readonly n: number;
  readonly rmse: number;
  readonly mae: number;
  /** 1 − MSE / variance of the labels. */
  readonly r2: number;
  /** Lin's concordance correlation over all pairs. */
  readonly ccc: number;
  /** Pearson's r over all pairs. */
  readonly r: number;
  /** Mean of Pearson's r within each song; songs with constant labels are left out. */
  readonly songR: number;
}

/** Moments of prediction (P) and label (A, actual); variances divide by n. */
interface Moments {
  readonly n: number;
  readonly meanP: number;
  readonly meanA: number;
  readonly varP: number;
  readonly varA: number;
  readonly cov: number;
}

/** @param songs one series per song, steps in order */
export function axisScores(songs: readonly Series[]): AxisScores {
  const all = joined(songs);
  const m = moments(all);
  const rs = songs.map((song) => pearson(moments(song))).filter(Number.isFinite);
  return {
    n: m.n,
    rmse: rmse(all),
    mae: meanOver(all, (p, a) => Math.abs(p - a)),
    r2: 1 - rmse(all) ** 2 / m.varA,
    ccc: (2 * m.cov) / (m.varP + m.varA + (m.meanP - m.meanA) ** 2),
    r: pearson(m),
    songR: rs.reduce((sum, r) => sum + r, 0) / rs.length,
  };
}

/** 1 − MSE / variance of the labels. */
export function r2Of(series: Series): number {
  return 1 - rmse(series) ** 2 / moments(series).varA;
}

/** Pearson's r of two series of the same steps; NaN when either is constant. */
export function correlation(a: Float64Array, b: Float64Array): number {
  return pearson(moments({ predicted: a, actual: b }));
}

export function rmse(series: Series): number {
  return Math.sqrt(meanOver(series, (p, a) => (p - a) ** 2));
}

function joined(songs: readonly Series[]): Series {
  return {
    predicted: Float64Array.from(songs.flatMap(({ predicted }) => [...predicted])),
    actual: Float64Array.from(songs.flatMap(({ actual }) => [...actual])),
  };
}

/** 1 − MSE / MSE of a reference, from two RMSEs: 0 equals the reference, 1 is perfect. */
export function skill(error: number, reference: number): number {
  return 1 - (error / reference) ** 2;
}

/** Conformal quantile: a new value stays at or below it with probability of at least `q` (rank ⌈q · (n + 1)⌉). */
export function conformalQuantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = Math.min(sorted.length, Math.ceil(q * (sorted.length + 1)));
  return sorted[rank - 1] ?? Number.NaN;
}

function meanOver({ predicted, actual }: Series, of: (p: number, a: number) => number): number {
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += of(predicted[i]!, actual[i]!);
  return sum / actual.length;
}

function moments(series: Series): Moments {
  const meanP = meanOver(series, (p) => p);
  const meanA = meanOver(series, (_, a) => a);
  return {
    n: series.actual.length,
    meanP,
    meanA,
    varP: meanOver(series, (p) => (p - meanP) ** 2),
    varA: meanOver(series, (_, a) => (a - meanA) ** 2),
    cov: meanOver(series, (p, a) => (p - meanP) * (a - meanA)),
  };
}

/** NaN when either side is constant; 1e-12 is far below the resolution of labels. */
function pearson({ cov, varP, varA }: Moments): number {
  return varP > 1e-12 && varA > 1e-12 ? cov / Math.sqrt(varP * varA) : Number.NaN;
}

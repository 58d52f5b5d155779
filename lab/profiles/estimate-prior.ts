import type { RatedReading, ScalePrior } from '../../src/profiles/fit-scale.ts';

/** Sums over the pieces of one group, with d = rating − reading and x = reading. */
interface Moments {
  readonly n: number;
  readonly x: number;
  readonly xx: number;
  readonly d: number;
  readonly xd: number;
  readonly dd: number;
}

const ITERATIONS = 2_000;
/** A group of which nothing is known differs at least by this much. */
const MIN_SD = 0.02;

/**
 * Empirical Bayes: the prior under which the ratings of several listener groups are most likely, if each group has an
 * offset ~ N(0, offsetSd²), a slope ~ N(1, slopeSd²), and noise of one variance. By expectation maximization, as for any
 * linear model with random effects (Laird & Ware 1982, doi 10.2307/2529876).
 *
 * @param groups the rated pieces of each group, which the model was not trained on
 */
export function estimatePrior(groups: readonly (readonly RatedReading[])[]): ScalePrior {
  const all = groups.map(momentsOf);
  let prior: ScalePrior = { offsetSd: 0.2, slopeSd: 0.5, noiseSd: 0.2 };
  for (let i = 0; i < ITERATIONS; i++) prior = improved(prior, all);
  return {
    offsetSd: Math.max(MIN_SD, prior.offsetSd),
    slopeSd: Math.max(MIN_SD, prior.slopeSd),
    noiseSd: prior.noiseSd,
  };
}

/** One iteration: the posterior of each group's offset and slope, then the variances that fit them best. */
function improved({ offsetSd, slopeSd, noiseSd }: ScalePrior, groups: readonly Moments[]): ScalePrior {
  const noise = noiseSd ** 2;
  let [offsets, slopes, residuals, n] = [0, 0, 0, 0];
  for (const one of groups) {
    // Posterior precision [[a, b], [b, c]] of (offset, slope − 1), and its inverse.
    const a = one.n / noise + 1 / offsetSd ** 2;
    const b = one.x / noise;
    const c = one.xx / noise + 1 / slopeSd ** 2;
    const determinant = a * c - b * b;
    const [v, cov, w] = [c / determinant, -b / determinant, a / determinant];
    const offset = (v * one.d + cov * one.xd) / noise;
    const change = (cov * one.d + w * one.xd) / noise;
    offsets += offset ** 2 + v;
    slopes += change ** 2 + w;
    residuals +=
      one.dd -
      2 * (offset * one.d + change * one.xd) +
      one.n * (offset ** 2 + v) +
      2 * one.x * (offset * change + cov) +
      one.xx * (change ** 2 + w);
    n += one.n;
  }
  return {
    offsetSd: Math.sqrt(offsets / groups.length),
    slopeSd: Math.sqrt(slopes / groups.length),
    noiseSd: Math.sqrt(residuals / n),
  };
}

function momentsOf(rated: readonly RatedReading[]): Moments {
  let [x, xx, d, xd, dd] = [0, 0, 0, 0, 0];
  for (const { reading, rating } of rated) {
    const difference = rating - reading;
    x += reading;
    xx += reading ** 2;
    d += difference;
    xd += reading * difference;
    dd += difference ** 2;
  }
  return { n: rated.length, x, xx, d, xd, dd };
}

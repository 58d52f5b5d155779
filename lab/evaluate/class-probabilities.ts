import type { Axis } from '../../src/types.ts';
import { type Scheme, WORDS, wordOf } from './classes.ts';

/** A predicted point with the standard deviation of each axis. */
interface Distribution {
  readonly predicted: Readonly<Record<Axis, number>>;
  readonly sd: Readonly<Record<Axis, number>>;
}

/** Probability of each class, [steps, 4], under independent normal distributions of both axes. */
export function classProbabilities(steps: readonly Distribution[], scheme: Scheme): Float32Array {
  const all = new Float32Array(4 * steps.length);
  const write = scheme === 'quadrants' ? quadrantShares : wordShares;
  for (const [i, step] of steps.entries()) write(step, all, 4 * i);
  return all;
}

function quadrantShares({ predicted, sd }: Distribution, into: Float32Array, at: number): void {
  const v = normalCdf(predicted.valence / sd.valence);
  const a = normalCdf(predicted.arousal / sd.arousal);
  into.set([(1 - v) * (1 - a), v * (1 - a), (1 - v) * a, v * a], at);
}

/**
 * Points that divide valence into equal shares of its distribution, in standard deviations. Arousal is integrated
 * exactly between the borders.
 */
const VALENCE_POINTS = normalMidpoints(32);
/** Borders between neighboring words, in degrees from pleasure to arousal. */
const BORDERS = WORDS.map(({ degrees }, i) => {
  const next = WORDS[(i + 1) % WORDS.length]!.degrees;
  return (degrees + next + (next < degrees ? 360 : 0)) / 2;
});
/** Slope (arousal per unit of valence) of the borders in each half-plane, from low to high arousal. */
const SLOPES = { positive: slopes(1), negative: slopes(-1) };

function wordShares({ predicted, sd }: Distribution, into: Float32Array, at: number): void {
  for (const point of VALENCE_POINTS) {
    const valence = predicted.valence + point * sd.valence;
    let below = 0;
    for (const slope of valence >= 0 ? SLOPES.positive : SLOPES.negative) {
      const share = normalCdf((slope * valence - predicted.arousal) / sd.arousal);
      into[at + wordOf(valence, slope * valence - 1e-9)]! += (share - below) / VALENCE_POINTS.length;
      below = share;
    }
    into[at + wordOf(valence, Number.POSITIVE_INFINITY)]! += (1 - below) / VALENCE_POINTS.length;
  }
}

function slopes(side: 1 | -1): number[] {
  return BORDERS.map((degrees) => (degrees * Math.PI) / 180)
    .filter((angle) => Math.sign(Math.cos(angle)) === side)
    .map(Math.tan)
    .sort((a, b) => side * (a - b));
}

/** Share of a standard normal distribution below x (Abramowitz & Stegun 7.1.26; error up to 1e-7). */
function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-z * z);
  return x < 0 ? tail : 1 - tail;
}

/** Midpoints of n equal shares of a standard normal distribution. */
function normalMidpoints(n: number): number[] {
  return Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n));
}

/** Quantile of a standard normal distribution, by bisection. */
function quantile(share: number): number {
  let [low, high] = [-10, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

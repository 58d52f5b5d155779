import { Z90 } from '../../src/types.ts';
import { conformalQuantile } from '../evaluate/metrics.ts';

/** How far a prediction was from the truth. */
export interface Deviation {
  /** |predicted − true| */
  readonly error: number;
  /** The standard deviation that was predicted. */
  readonly sd: number;
  /** How unlike the training data the input was, from 0; absent: not known of any. */
  readonly novelty?: number;
}

/** A standard deviation is calibrated as `scale · sd ^ power · (1 + novelty factor · novelty)`. */
export interface Spread {
  readonly power: number;
  readonly noveltyFactor: number;
  readonly scale: number;
}

const COVERAGE = 0.9;
/** Half width of a 90 % interval, in standard deviations, if there are no residuals to measure it from. */
const FALLBACK_WIDTH = Z90;
const POWERS = Array.from({ length: 9 }, (_, i) => i / 4);
const NOVELTY_FACTORS = [0, 0.5, 1, 2, 3, 4, 6, 8];

/**
 * Chooses power and novelty factor for which 90 % intervals have the most even coverage over thirds of the steps, sorted
 * by standard deviation and by novelty, and the scale for which they cover 90 % overall.
 */
export function spreadOf(deviations: readonly Deviation[]): Spread {
  if (deviations.length === 0) return { power: 1, noveltyFactor: 0, scale: FALLBACK_WIDTH / Z90 };
  const errors = Float64Array.from(deviations, ({ error }) => error);
  const novelties = Float64Array.from(deviations, ({ novelty }) => novelty ?? 0);
  const known = novelties.some((novelty) => novelty > 0);
  const thirds = [
    thirdsBy(deviations, ({ sd }) => sd),
    known ? thirdsBy(deviations, ({ novelty = 0 }) => novelty) : [],
  ];
  let best: (Spread & { readonly unevenness: number }) | undefined;
  for (const power of POWERS) {
    const ofSd = Float64Array.from(deviations, ({ sd }) => sd ** power);
    for (const noveltyFactor of known ? NOVELTY_FACTORS : [0]) {
      const ratios = errors.map((error, i) => error / (ofSd[i]! * (1 + noveltyFactor * novelties[i]!)));
      const width = conformalQuantile(ratios, COVERAGE);
      const unevenness = thirds.flat().reduce((sum, third) => {
        const covered = third.reduce((count, i) => count + Number(ratios[i]! <= width), 0) / third.length;
        return sum + (covered - COVERAGE) ** 2;
      }, 0);
      if (!best || unevenness < best.unevenness) {
        best = { power, noveltyFactor, scale: width / Z90, unevenness };
      }
    }
  }
  const { unevenness: _, ...spread } = best!;
  return spread;
}

/** Indices of the steps in three parts, smallest value first; fewer with fewer than three steps. */
function thirdsBy(deviations: readonly Deviation[], of: (deviation: Deviation) => number): number[][] {
  const sorted = [...deviations.keys()].sort((a, b) => of(deviations[a]!) - of(deviations[b]!));
  const third = Math.ceil(sorted.length / 3);
  return [0, 1, 2].map((i) => sorted.slice(i * third, (i + 1) * third)).filter(({ length }) => length > 0);
}

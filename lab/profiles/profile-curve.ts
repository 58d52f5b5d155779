import { scaled } from '../../src/profiles/apply-scale.ts';
import { fitScale, type ScalePrior } from '../../src/profiles/fit-scale.ts';
import { checkedFit, MIN_RATINGS } from '../../src/profiles/leave-one-out.ts';
import { type AxisScale, UNCHANGED } from '../../src/profiles/profile.ts';
import type { Random } from '../train/random.ts';
import type { RatedSong } from './rated-songs.ts';

/** R² on the steps of the songs that were not rated, over many draws of the rated ones. */
export interface CurvePoint {
  /** Number of rated songs. */
  readonly rated: number;
  readonly mean: number;
  /** 10th and 90th percentile of the draws. */
  readonly low: number;
  readonly high: number;
  /** Mean with a profile only if leave-one-out shows a gain; NaN with fewer than MIN_RATINGS. */
  readonly ifAdvised: number;
  /** Share of the draws in which the profile is better than none. */
  readonly better: number;
}

export interface CurveOptions {
  readonly songs: readonly RatedSong[];
  readonly prior: ScalePrior;
  readonly counts: readonly number[];
  readonly draws: number;
  readonly random: Random;
}

/** How R² of one listener group rises with the number of songs that it has rated. */
export function profileCurve({ songs, prior, counts, draws, random }: CurveOptions): CurvePoint[] {
  return counts.map((rated) => {
    const without: number[] = [];
    const fitted: number[] = [];
    const advised: number[] = [];
    for (let draw = 0; draw < draws; draw++) {
      const order = random.permutation(songs.length).map((i) => songs[i]!);
      const ratings = order.slice(0, rated);
      const others = order.slice(rated);
      without.push(r2(others, UNCHANGED));
      fitted.push(r2(others, fitScale(ratings, prior)));
      if (rated < MIN_RATINGS) continue;
      const { fit, gain } = checkedFit(ratings, prior);
      advised.push(gain.mean > 0 ? r2(others, fit) : without.at(-1)!);
    }
    const sorted = [...fitted].sort((a, b) => a - b);
    const better = fitted.filter((one, i) => one > without[i]!).length;
    return {
      rated,
      mean: mean(fitted),
      low: sorted[Math.floor(0.1 * draws)]!,
      high: sorted[Math.ceil(0.9 * draws) - 1]!,
      ifAdvised: mean(advised),
      better: better / draws,
    };
  });
}

/** R² over all steps of the songs. */
function r2(songs: readonly RatedSong[], scale: AxisScale): number {
  let [n, sum, squares, errors] = [0, 0, 0, 0];
  for (const { steps } of songs) {
    for (const { reading, rating } of steps) {
      n++;
      sum += rating;
      squares += rating ** 2;
      errors += (rating - scaled(scale, reading)) ** 2;
    }
  }
  return 1 - errors / (squares - sum ** 2 / n);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

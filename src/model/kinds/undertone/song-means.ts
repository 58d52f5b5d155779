import type { ModelState } from '../../../types.ts';
import { standardized } from '../../standardized.ts';

/*
 * What is known of the present song from its inputs alone: their mean over the last moments and since the song began. A
 * difference between the two reveals a change of song (boundary.ts), and the kernel regression reads valence and arousal
 * from them (kernel-regression.ts).
 */

/** Least share of the newest inputs in the short mean: about 1.5 s. */
const SHORT_SHARE = 1 / 3;
/** Least share of the newest inputs in the mean since the last boundary: about 20 s. */
const LONG_SHARE = 1 / 40;

/** Means of one stream's standardized inputs. */
export interface SongMeans {
  /** [inputs] leaky mean over about 1.5 s. */
  readonly short: Float32Array;
  /** [inputs] mean since the song began, over about 20 s at most. */
  readonly long: Float32Array;
  /** Steps since the song began, or since the stream did; in single precision, as a state keeps it. */
  readonly steps: number;
}

export function initialMeans(inputs: number): SongMeans {
  return { short: new Float32Array(inputs), long: new Float32Array(inputs), steps: 0 };
}

/** The means after a step. @param row [inputs] standardized */
export function nextMeans({ short, long, steps }: SongMeans, row: Float32Array): SongMeans {
  const shortShare = Math.max(1 / (steps + 1), SHORT_SHARE);
  const longShare = Math.max(1 / (steps + 1), LONG_SHARE);
  return {
    short: moved(short, row, shortShare),
    long: moved(long, row, longShare),
    steps: Math.fround(steps + 1),
  };
}

/** The means after a renewal: 0 leaves them as they are, 1 begins a new song, of which only the newest inputs are known. */
export function renewed(means: SongMeans, renewal: number): SongMeans {
  if (renewal === 0) return means;
  const { short, long, steps } = means;
  return {
    short,
    long: moved(long, short, renewal),
    steps: Math.fround(steps + renewal * (1 - steps)),
  };
}

/** Each mean, moved towards the value by a share of their distance. */
function moved(means: Float32Array, values: Float32Array, share: number): Float32Array {
  // A loop for the same reason as in standardized.ts.
  const next = new Float32Array(means.length);
  for (let i = 0; i < means.length; i++) next[i] = means[i]! + share * (values[i]! - means[i]!);
  return next;
}

/** As part of a stream's state: [2 · inputs + 1]. */
export function meansState({ short, long, steps }: SongMeans): ModelState {
  const means = new Float32Array(2 * short.length + 1);
  means.set(short);
  means.set(long, short.length);
  means[2 * short.length] = steps;
  return { means };
}

/** The reverse; undefined if the state is from another model. */
export function meansOf({ means }: ModelState, inputs: number): SongMeans | undefined {
  if (means?.length !== 2 * inputs + 1) return undefined;
  return {
    short: means.subarray(0, inputs),
    long: means.subarray(inputs, 2 * inputs),
    steps: means[2 * inputs]!,
  };
}

/** Short and long means side by side, [2 · inputs], at each step of a song from its beginning: [steps, 2 · inputs]. */
export function meansOfSong(rows: Float32Array, mean: Float32Array, scale: Float32Array): Float32Array {
  const inputs = mean.length;
  const z = standardized(rows, mean, scale);
  const all = new Float32Array(2 * rows.length);
  let means = initialMeans(inputs);
  for (let from = 0; from < rows.length; from += inputs) {
    means = nextMeans(means, z.subarray(from, from + inputs));
    all.set(means.short, 2 * from);
    all.set(means.long, 2 * from + inputs);
  }
  return all;
}

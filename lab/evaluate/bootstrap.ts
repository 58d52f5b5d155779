import { Random } from '../train/random.ts';

/** Sum of squared errors of one song over `n` steps. */
export interface SongError {
  readonly squares: number;
  readonly n: number;
}

export interface Difference {
  /** RMSE of the first minus RMSE of the second: negative when the first is better. */
  readonly difference: number;
  /** Bounds of the 95 % interval over resamplings of the songs. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLINGS = 2000;
const SEED = 20;

/**
 * Paired bootstrap of an RMSE difference: resamples songs with replacement. A song's steps stay together because they are
 * strongly correlated.
 *
 * @param first, second errors of the same songs in the same order
 */
export function rmseDifference(first: readonly SongError[], second: readonly SongError[]): Difference {
  const random = new Random(SEED);
  const songs = first.length;
  const differences = new Float64Array(RESAMPLINGS);
  for (let i = 0; i < RESAMPLINGS; i++) {
    let [a, b, n] = [0, 0, 0];
    for (let k = 0; k < songs; k++) {
      const song = random.below(songs);
      a += first[song]!.squares;
      b += second[song]!.squares;
      n += first[song]!.n;
    }
    differences[i] = Math.sqrt(a / n) - Math.sqrt(b / n);
  }
  differences.sort();
  return {
    difference: rmseOf(first) - rmseOf(second),
    low: differences[Math.floor(0.025 * RESAMPLINGS)]!,
    high: differences[Math.ceil(0.975 * RESAMPLINGS) - 1]!,
  };
}

function rmseOf(songs: readonly SongError[]): number {
  const total = songs.reduce((sum, { squares }) => sum + squares, 0);
  return Math.sqrt(total / songs.reduce((sum, { n }) => sum + n, 0));
}

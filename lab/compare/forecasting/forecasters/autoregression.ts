import type { Forecaster } from '../forecaster.ts';
import { LeastSquares } from '../least-squares.ts';
import { PAIRS } from '../pair-forecaster.ts';

/** AR(10): one step from the last ten values of the same axis; further steps from its own. */
export const autoregression: Forecaster = {
  name: 'ar10',
  title: 'AR(10)',
  about:
    'An autoregression of order ten and a constant for each axis by itself, rolled on from step to step.',
  version: '1',
  async learn({ learned, ahead }) {
    const fits = [0, 1].map((axis) => {
      const squares = new LeastSquares(PAIRS + 1, 1);
      for (const { runs } of learned.songs) {
        for (const run of runs) {
          for (let end = PAIRS; end < run.length / 2; end++) {
            squares.add(inputOf(run, end - PAIRS, axis), [run[2 * end + axis]!]);
          }
        }
      }
      return squares.solve().to1DArray();
    });
    const furthest = ahead.at(-1)!;
    return ({ pairs, count }) => {
      const said = new Float32Array(count * 2 * ahead.length);
      for (let i = 0; i < count; i++) {
        for (const axis of [0, 1]) {
          const fit = fits[axis]!;
          const values = [...inputOf(pairs, i * PAIRS, axis).subarray(0, PAIRS)];
          for (let step = 0; step < furthest; step++) {
            let next = fit[PAIRS]!;
            for (let j = 0; j < PAIRS; j++) next += fit[j]! * values[step + j]!;
            values.push(next);
          }
          for (const [k, steps] of ahead.entries())
            said[2 * (i * ahead.length + k) + axis] = values[PAIRS - 1 + steps]!;
        }
      }
      return said;
    };
  },
};

/** Ten values of an axis, and 1. */
function inputOf(pairs: ArrayLike<number>, from: number, axis: number): Float64Array {
  return Float64Array.from({ length: PAIRS + 1 }, (_, j) => (j < PAIRS ? pairs[2 * (from + j) + axis]! : 1));
}

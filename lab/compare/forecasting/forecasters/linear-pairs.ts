import type { Forecaster } from '../forecaster.ts';
import { LeastSquares } from '../least-squares.ts';
import { PAIRS } from '../pair-forecaster.ts';
import type { PairWindows } from '../pair-windows.ts';

const INPUTS = 2 * PAIRS + 1;

/** A‴: the plain regression that A held its network against. */
export const linearPairs: Forecaster = {
  name: 'linear',
  title: 'A‴ linear regression',
  about: 'Ordinary least squares from all ten pairs and a constant, one for each horizon.',
  version: '1',
  async learn({ learned, ahead }) {
    const fits = ahead.map((_, k) => {
      const squares = new LeastSquares(INPUTS, 2);
      for (let i = 0; i < learned.count; i++) {
        const at = 2 * (i * ahead.length + k);
        const later = learned.later.subarray(at, at + 2);
        if (!Number.isNaN(later[0]!)) squares.add(inputOf(learned, i), later);
      }
      return squares.solve();
    });
    return (windows) => {
      const said = new Float32Array(windows.count * 2 * ahead.length);
      for (let i = 0; i < windows.count; i++) {
        const input = inputOf(windows, i);
        for (const [k, fit] of fits.entries())
          for (const axis of [0, 1])
            said[2 * (i * ahead.length + k) + axis] = input.reduce(
              (sum, x, j) => sum + x * fit.get(j, axis),
              0,
            );
      }
      return said;
    };
  },
};

function inputOf({ pairs }: PairWindows, window: number): Float64Array {
  const input = new Float64Array(INPUTS).fill(1);
  input.set(pairs.subarray(window * 2 * PAIRS, (window + 1) * 2 * PAIRS));
  return input;
}

import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Forecaster } from '../forecaster.ts';
import { PAIRS, type PairWindows } from '../pair-windows.ts';

const WINDOW_INPUTS = 2 * PAIRS + 1;

/** A‴: the linear regression that A compared its network with. */
export const linearPairs: Forecaster = {
  name: 'linear',
  title: 'A‴ linear regression',
  about: 'Ordinary least squares on ten pairs and a constant, one for each horizon.',
  version: '1',
  async train({ training, ahead }) {
    const fits = ahead.map((_, k) => {
      const squares = new LeastSquares(WINDOW_INPUTS, 2);
      for (let i = 0; i < training.count; i++) {
        const at = 2 * (i * ahead.length + k);
        const later = training.later.subarray(at, at + 2);
        if (!Number.isNaN(later[0]!)) squares.add(windowInput(training, i), later);
      }
      return squares.solve();
    });
    return (windows) => {
      const predicted = new Float32Array(windows.count * 2 * ahead.length);
      for (let i = 0; i < windows.count; i++) {
        const input = windowInput(windows, i);
        for (const [k, fit] of fits.entries())
          for (const axis of [0, 1])
            predicted[2 * (i * ahead.length + k) + axis] = input.reduce(
              (sum, x, j) => sum + x * fit.get(j, axis),
              0,
            );
      }
      return predicted;
    };
  },
};

/** AR(10): predicts the next value from the last ten of the same axis, and further values recursively. */
export const autoregression: Forecaster = {
  name: 'ar10',
  title: 'AR(10)',
  about: 'A separate autoregression of order ten with a constant for each axis, applied recursively.',
  version: '1',
  async train({ training, ahead }) {
    const fits = [0, 1].map((axis) => {
      const squares = new LeastSquares(PAIRS + 1, 1);
      for (const { runs } of training.songs) {
        for (const run of runs) {
          for (let end = PAIRS; end < run.length / 2; end++) {
            squares.add(axisInput(run, end - PAIRS, axis), [run[2 * end + axis]!]);
          }
        }
      }
      return squares.solve().to1DArray();
    });
    const furthest = ahead.at(-1)!;
    return ({ pairs, count }) => {
      const predicted = new Float32Array(count * 2 * ahead.length);
      for (let i = 0; i < count; i++) {
        for (const axis of [0, 1]) {
          const fit = fits[axis]!;
          const values = [...axisInput(pairs, i * PAIRS, axis).subarray(0, PAIRS)];
          for (let step = 0; step < furthest; step++) {
            let next = fit[PAIRS]!;
            for (let j = 0; j < PAIRS; j++) next += fit[j]! * values[step + j]!;
            values.push(next);
          }
          for (const [k, steps] of ahead.entries())
            predicted[2 * (i * ahead.length + k) + axis] = values[PAIRS - 1 + steps]!;
        }
      }
      return predicted;
    };
  },
};

/**
 * Accumulates the normal equations of ordinary least squares, so that no rows are stored. In double precision, because
 * neighboring pairs are nearly equal.
 */
class LeastSquares {
  readonly #inputs: number;
  readonly #outputs: number;
  readonly #gram: Float64Array;
  readonly #moment: Float64Array;

  constructor(inputs: number, outputs: number) {
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#gram = new Float64Array(inputs * inputs);
    this.#moment = new Float64Array(inputs * outputs);
  }

  add(input: ArrayLike<number>, output: ArrayLike<number>): void {
    for (let i = 0; i < this.#inputs; i++) {
      const x = input[i]!;
      for (let j = 0; j < this.#inputs; j++) this.#gram[i * this.#inputs + j]! += x * input[j]!;
      for (let k = 0; k < this.#outputs; k++) this.#moment[i * this.#outputs + k]! += x * output[k]!;
    }
  }

  /** Coefficients, [inputs, outputs]. */
  solve(): Matrix {
    const gram = Matrix.from1DArray(this.#inputs, this.#inputs, this.#gram);
    const moment = Matrix.from1DArray(this.#inputs, this.#outputs, this.#moment);
    // Keeps the matrix of constant labels from being singular; far below the resolution of labels.
    const floor = 1e-12 * gram.trace();
    for (let i = 0; i < this.#inputs; i++) gram.set(i, i, gram.get(i, i) + floor);
    return new CholeskyDecomposition(gram).solve(moment);
  }
}

/** Ten pairs of a window and 1. */
function windowInput({ pairs }: PairWindows, window: number): Float64Array {
  const input = new Float64Array(WINDOW_INPUTS).fill(1);
  input.set(pairs.subarray(window * 2 * PAIRS, (window + 1) * 2 * PAIRS));
  return input;
}

/** Ten values of one axis and 1. */
function axisInput(pairs: ArrayLike<number>, from: number, axis: number): Float64Array {
  return Float64Array.from({ length: PAIRS + 1 }, (_, j) => (j < PAIRS ? pairs[2 * (from + j) + axis]! : 1));
}

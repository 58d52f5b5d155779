import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/**
 * Sums for ordinary least squares, so that any number of rows is gone through once and none is kept.
 * Double precision: neighbouring pairs are nearly equal.
 */
export class LeastSquares {
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

  /** [inputs, outputs] */
  solve(): Matrix {
    const gram = Matrix.from1DArray(this.#inputs, this.#inputs, this.#gram);
    const moment = Matrix.from1DArray(this.#inputs, this.#outputs, this.#moment);
    // The least that keeps a matrix of labels that never move from being singular; far below what labels resolve.
    const floor = 1e-12 * gram.trace();
    for (let i = 0; i < this.#inputs; i++) gram.set(i, i, gram.get(i, i) + floor);
    return new CholeskyDecomposition(gram).solve(moment);
  }
}

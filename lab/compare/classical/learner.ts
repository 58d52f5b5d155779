/** A classical method. Rows are standardized. */
export interface Learner {
  regress(rows: Rows, targets: Float64Array, validation: Validation): FittedModel;
  /** Absent for methods without classification. @param classes 0 … 3 */
  classify?(rows: Rows, classes: Uint8Array): FittedModel;
}

/** A fitted regression or classification. */
export interface FittedModel {
  /** Regression: values, [n]. Classification: probabilities, [n, 4]. */
  predict(rows: Rows): Float64Array;
  /** Number of fitted parameters, and their size when stored. */
  readonly parameters: number;
  readonly bytes: number;
  /** Frees memory that the garbage collector does not manage. */
  free(): void;
}

/** Rows that are not fitted, for choosing hyperparameters. */
export interface Validation {
  readonly rows: Rows;
  readonly targets: Float64Array;
}

/** Feature rows of steps: [n, width] row-major. */
export interface Rows {
  readonly width: number;
  readonly values: Float32Array;
}

export function rowCount({ width, values }: Rows): number {
  return values.length / width;
}

export function rowAt({ width, values }: Rows, i: number): Float32Array {
  return values.subarray(i * width, (i + 1) * width);
}

export function rowsOf(all: readonly Float32Array[], width: number): Rows {
  const values = new Float32Array(all.length * width);
  for (const [i, row] of all.entries()) values.set(row, i * width);
  return { width, values };
}

/** Scales every column to mean 0 and standard deviation 1 over the rows of the constructor. */
export class Standardizer {
  readonly #mean: Float64Array;
  readonly #scale: Float64Array;

  /** @param rows at least one; constant columns become 0 */
  constructor(rows: Rows) {
    const n = rowCount(rows);
    this.#mean = new Float64Array(rows.width);
    this.#scale = new Float64Array(rows.width);
    for (let column = 0; column < rows.width; column++) {
      let mean = 0;
      for (let i = column; i < rows.values.length; i += rows.width) mean += rows.values[i]! / n;
      let squares = 0;
      for (let i = column; i < rows.values.length; i += rows.width) squares += (rows.values[i]! - mean) ** 2;
      const sd = Math.sqrt(squares / n);
      this.#mean[column] = mean;
      this.#scale[column] = sd > 1e-9 * Math.max(1, Math.abs(mean)) ? 1 / sd : 0;
    }
  }

  apply({ width, values }: Rows): Rows {
    return {
      width,
      values: values.map((x, i) => (x - this.#mean[i % width]!) * this.#scale[i % width]!),
    };
  }
}

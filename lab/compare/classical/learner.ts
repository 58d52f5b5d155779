/** What was learned. */
export interface Learned {
  /** [n] of a regression, [n, 4] probabilities of a classification. */
  predict(rows: Rows): Float64Array;
  /** Numbers that were learned, and bytes that they take when stored. */
  readonly parameters: number;
  readonly bytes: number;
  /** Gives back what lies outside the garbage collector's reach. */
  free(): void;
}

/** Rows of songs that nothing is fitted to, for what is chosen by measuring. */
export interface Validation {
  readonly rows: Rows;
  readonly targets: Float64Array;
}

/** A classical method. Rows come standardised. */
export interface Learner {
  regress(rows: Rows, targets: Float64Array, validation: Validation): Learned;
  /** Absent: it says points alone. @param classes 0 … 3 */
  classify?(rows: Rows, classes: Uint8Array): Learned;
}

/** Numbers of steps: [n, width] row-major. */
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

/** Makes every column of the rows it was made of have mean 0 and standard deviation 1. */
export class Standardiser {
  readonly #mean: Float64Array;
  readonly #scale: Float64Array;

  /** @param rows at least one; a column that does not move there becomes 0 everywhere */
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

import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';

/** Makes numbers that go together independent of one another and of like spread. */
export interface Whitening {
  readonly mean: Float64Array;
  /** [size, size] lower triangle, row-major: `factor · (x − mean)` is white. */
  readonly factor: Float64Array;
}

/**
 * Measures the whitening of rows of `size` numbers: the inverse of the Cholesky factor of their covariance.
 * It differs from whitening by principal components in a rotation only, which angles do not see.
 *
 * @param ridge added to each variance, so that directions of next to no sound are not blown up
 */
export function measureWhitening(rows: Float32Array, size: number, ridge: number): Whitening {
  const n = rows.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size]! += rows[i]! / n;
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let at = 0; at < rows.length; at += size) {
    for (let k = 0; k < size; k++) centred[k] = rows[at + k]! - mean[k]!;
    for (let r = 0; r < size; r++) {
      const value = centred[r]! / n;
      for (let c = 0, to = r * size; c <= r; c++, to++) covariance[to]! += value * centred[c]!;
    }
  }
  const symmetric = Matrix.zeros(size, size);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c <= r; c++) {
      const value = covariance[r * size + c]! + (r === c ? ridge : 0);
      symmetric.set(r, c, value);
      symmetric.set(c, r, value);
    }
  }
  const { lowerTriangularMatrix } = new CholeskyDecomposition(symmetric);
  return { mean, factor: Float64Array.from(inverse(lowerTriangularMatrix).to1DArray()) };
}

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
  for (let k = 0; k < size; k++) covariance[k * size + k]! += ridge;
  return { mean, factor: invertLower(cholesky(covariance, size), size) };
}

/** L of a symmetric positive matrix L·Lᵀ, of which the lower triangle is read. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const l = new Float64Array(size * size);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c <= r; c++) {
      let sum = matrix[r * size + c]!;
      for (let k = 0; k < c; k++) sum -= l[r * size + k]! * l[c * size + k]!;
      l[r * size + c] = r === c ? Math.sqrt(sum) : sum / l[c * size + c]!;
    }
  }
  return l;
}

function invertLower(l: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    inverse[c * size + c] = 1 / l[c * size + c]!;
    for (let r = c + 1; r < size; r++) {
      let sum = 0;
      for (let k = c; k < r; k++) sum -= l[r * size + k]! * inverse[k * size + c]!;
      inverse[r * size + c] = sum / l[r * size + r]!;
    }
  }
  return inverse;
}

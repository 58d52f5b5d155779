/**
 * Solves `a · x = b` for a symmetric positive definite matrix, by its Cholesky decomposition. The one of ml-matrix takes
 * over three times as long, which is minutes with thousands of inputs.
 *
 * @param a [size, size]; only the lower triangle is read
 * @param b [size, columns]
 * @returns x, [size, columns]
 * @throws RangeError if `a` is not positive definite
 */
export function solvePositiveDefinite(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const lower = decompose(a, size);
  const columns = b.length / size;
  const x = b.slice();
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < size; i++) {
      const row = lower[i]!;
      let rest = x[i * columns + column]!;
      for (let k = 0; k < i; k++) rest -= row[k]! * x[k * columns + column]!;
      x[i * columns + column] = rest / row[i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let rest = x[i * columns + column]!;
      for (let k = i + 1; k < size; k++) rest -= lower[k]![i]! * x[k * columns + column]!;
      x[i * columns + column] = rest / lower[i]![i]!;
    }
  }
  return x;
}

/** The rows of the lower triangle L with L · Lᵀ = a, row by row (Cholesky–Banachiewicz). */
function decompose(a: Float64Array, size: number): Float64Array[] {
  const rows: Float64Array[] = [];
  for (let j = 0; j < size; j++) {
    const row = new Float64Array(j + 1);
    let k = 0;
    // Four sums at a time, which do not wait for each other.
    for (; k + 4 <= j; k += 4) {
      const [r0, r1, r2, r3] = [rows[k]!, rows[k + 1]!, rows[k + 2]!, rows[k + 3]!];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let i = 0; i < k; i++) {
        const x = row[i]!;
        s0 += r0[i]! * x;
        s1 += r1[i]! * x;
        s2 += r2[i]! * x;
        s3 += r3[i]! * x;
      }
      const at = j * size + k;
      const x0 = (a[at]! - s0) / r0[k]!;
      const x1 = (a[at + 1]! - (s1 + r1[k]! * x0)) / r1[k + 1]!;
      const x2 = (a[at + 2]! - (s2 + r2[k]! * x0 + r2[k + 1]! * x1)) / r2[k + 2]!;
      row[k] = x0;
      row[k + 1] = x1;
      row[k + 2] = x2;
      row[k + 3] = (a[at + 3]! - (s3 + r3[k]! * x0 + r3[k + 1]! * x1 + r3[k + 2]! * x2)) / r3[k + 3]!;
    }
    for (; k < j; k++) row[k] = (a[j * size + k]! - dot(rows[k]!, row, k)) / rows[k]![k]!;
    const square = a[j * size + j]! - dot(row, row, j);
    if (!(square > 0)) throw new RangeError(`The matrix is not positive definite (row ${j}).`);
    row[j] = Math.sqrt(square);
    rows.push(row);
  }
  return rows;
}

function dot(a: Float64Array, b: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! * b[i]!;
  return sum;
}

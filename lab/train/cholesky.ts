/**
 * Solves `a · x = b` for a symmetric positive definite matrix, by its Cholesky decomposition. The one of ml-matrix takes
 * over four times as long, which is minutes with thousands of inputs.
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
  // Two rows at a time, so that each row above them is read half as often: thousands of rows fill no cache.
  for (let j = 0; j < size; j += 2) {
    const [upper, lower] = [new Float64Array(j + 1), new Float64Array(j + 2)];
    const hasLower = j + 1 < size;
    let k = 0;
    // Four sums of each, which do not wait for each other.
    for (; k + 4 <= j; k += 4) {
      const [r0, r1, r2, r3] = [rows[k]!, rows[k + 1]!, rows[k + 2]!, rows[k + 3]!];
      let [u0, u1, u2, u3] = [0, 0, 0, 0];
      let [l0, l1, l2, l3] = [0, 0, 0, 0];
      // Not destructured, which takes over twice as long.
      for (let i = 0; i < k; i++) {
        const u = upper[i]!;
        const l = lower[i]!;
        const x0 = r0[i]!;
        u0 += x0 * u;
        l0 += x0 * l;
        const x1 = r1[i]!;
        u1 += x1 * u;
        l1 += x1 * l;
        const x2 = r2[i]!;
        u2 += x2 * u;
        l2 += x2 * l;
        const x3 = r3[i]!;
        u3 += x3 * u;
        l3 += x3 * l;
      }
      const above = [r0, r1, r2, r3] as const;
      substitute(upper, k, above, a, j * size + k, [u0, u1, u2, u3]);
      if (hasLower) substitute(lower, k, above, a, (j + 1) * size + k, [l0, l1, l2, l3]);
    }
    rows.push(completed(upper, k, rows, a, j, size));
    if (hasLower) rows.push(completed(lower, k, rows, a, j + 1, size));
  }
  return rows;
}

type Four<T> = readonly [T, T, T, T];

/**
 * The four columns from `k` of a row.
 *
 * @param above the rows of these columns
 * @param at where the row's column `k` is in `a`
 * @param sums of the products of the row and each row above, up to column `k`
 */
function substitute(
  row: Float64Array,
  k: number,
  [r0, r1, r2, r3]: Four<Float64Array>,
  a: Float64Array,
  at: number,
  [s0, s1, s2, s3]: Four<number>,
): void {
  const x0 = (a[at]! - s0) / r0[k]!;
  const x1 = (a[at + 1]! - (s1 + r1[k]! * x0)) / r1[k + 1]!;
  const x2 = (a[at + 2]! - (s2 + r2[k]! * x0 + r2[k + 1]! * x1)) / r2[k + 2]!;
  row[k] = x0;
  row[k + 1] = x1;
  row[k + 2] = x2;
  row[k + 3] = (a[at + 3]! - (s3 + r3[k]! * x0 + r3[k + 1]! * x1 + r3[k + 2]! * x2)) / r3[k + 3]!;
}

/** Row `j` with the columns from `from` on, one at a time, and the one on the diagonal. */
function completed(
  row: Float64Array,
  from: number,
  rows: readonly Float64Array[],
  a: Float64Array,
  j: number,
  size: number,
): Float64Array {
  for (let k = from; k < j; k++) row[k] = (a[j * size + k]! - dot(rows[k]!, row, k)) / rows[k]![k]!;
  const square = a[j * size + j]! - dot(row, row, j);
  if (!(square > 0)) throw new RangeError(`The matrix is not positive definite (row ${j}).`);
  row[j] = Math.sqrt(square);
  return row;
}

function dot(a: Float64Array, b: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! * b[i]!;
  return sum;
}

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

/** Rows of a block: with thousands of columns they fit the second cache. A multiple of 4. */
const BLOCK = 16;

/**
 * The rows of the lower triangle L with L · Lᵀ = a, row by row (Cholesky–Banachiewicz). A block of rows at a time, so that
 * each row above them is read once for all: thousands of rows fill no cache.
 */
function decompose(a: Float64Array, size: number): Float64Array[] {
  const rows: Float64Array[] = [];
  for (let begin = 0; begin < size; begin += BLOCK) {
    const block = Array.from(
      { length: Math.min(BLOCK, size - begin) },
      (_, i) => new Float64Array(begin + i + 1),
    );
    for (let k = 0; k < begin; k += 4) {
      const above = [rows[k]!, rows[k + 1]!, rows[k + 2]!, rows[k + 3]!] as const;
      let i = 0;
      for (; i + 2 <= block.length; i += 2)
        fourColumns(block[i]!, block[i + 1]!, k, above, a, (begin + i) * size + k, size);
      // The last row of an odd number is computed twice.
      if (i < block.length) fourColumns(block[i]!, block[i]!, k, above, a, (begin + i) * size + k, 0);
    }
    for (const [i, row] of block.entries()) rows.push(completed(row, begin, rows, a, begin + i, size));
  }
  return rows;
}

/**
 * The four columns from `k` of two rows, from those before.
 *
 * @param above the rows of these columns
 * @param at where column `k` of the upper row is in `a`
 * @param next how far behind it that of the lower row is
 */
function fourColumns(
  upper: Float64Array,
  lower: Float64Array,
  k: number,
  above: Four<Float64Array>,
  a: Float64Array,
  at: number,
  next: number,
): void {
  const [r0, r1, r2, r3] = above;
  // Four sums of each, which do not wait for each other.
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
  substitute(upper, k, above, a, at, [u0, u1, u2, u3]);
  substitute(lower, k, above, a, at + next, [l0, l1, l2, l3]);
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

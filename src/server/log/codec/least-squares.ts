/**
 * The weights w for which Σ (y − Σ w·x)² is least, by the normal equations.
 *
 * @param columns the x: each an array as long as `y`
 * @param importance of each row; all alike where not given
 */
export function leastSquares(
  columns: readonly (readonly number[])[],
  y: readonly number[],
  importance?: readonly number[],
): Float64Array {
  const size = columns.length;
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  const right = new Float64Array(size);
  for (let a = 0; a < size; a++) {
    const x = importance ? columns[a]!.map((value, i) => value * importance[i]!) : columns[a]!;
    for (let b = 0; b <= a; b++) gram[a]![b] = dot(x, columns[b]!);
    right[a] = dot(x, y);
  }
  // A touch of ridge: columns that depend on each other do no harm.
  for (let a = 0; a < size; a++) gram[a]![a]! *= 1 + 1e-9;
  return solve(gram, right);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Cholesky: `gram` is symmetric, its lower half filled. A column of nothing gets the weight 0. */
function solve(gram: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let a = 0; a < size; a++) {
    const line = gram[a]!;
    for (let b = 0; b <= a; b++) {
      let sum = line[b]!;
      for (let c = 0; c < b; c++) sum -= line[c]! * gram[b]![c]!;
      if (a === b)
        line[a] = sum > 1e-12 * gram[a]![a]! && sum > 0 ? Math.sqrt(sum) : Number.POSITIVE_INFINITY;
      else line[b] = sum / gram[b]![b]!;
    }
  }
  const weights = new Float64Array(size);
  for (let a = 0; a < size; a++) {
    let sum = right[a]!;
    for (let b = 0; b < a; b++) sum -= gram[a]![b]! * weights[b]!;
    weights[a] = sum / gram[a]![a]!;
  }
  for (let a = size - 1; a >= 0; a--) {
    let sum = weights[a]!;
    for (let b = a + 1; b < size; b++) sum -= gram[b]![a]! * weights[b]!;
    weights[a] = sum / gram[a]![a]!;
  }
  return weights;
}

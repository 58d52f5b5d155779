/** The mean and variance of each column over the rows of all arrays, [rows, columns] each. */
export function columnMoments(
  arrays: readonly Float32Array[],
  columns: number,
): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  let rows = 0;
  for (const array of arrays) {
    for (let at = 0; at < array.length; at += columns, rows++) {
      for (let i = 0; i < columns; i++) {
        const x = array[at + i]!;
        sums[i]! += x;
        squares[i]! += x * x;
      }
    }
  }
  const mean = sums.map((sum) => sum / rows);
  return { mean, variance: squares.map((square, i) => square / rows - mean[i]! ** 2) };
}

import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { solvePositiveDefinite } from '../../../lab/train/cholesky.ts';
import { Random } from '../../../lab/train/random.ts';

const randomMatrix = (rows: number, columns: number) => {
  const random = new Random(rows);
  return new Matrix(
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal())),
  );
};

test.each([1, 2, 3, 4, 5, 8, 9, 50, 131])('solves like ml-matrix: size %i', (size) => {
  const root = randomMatrix(size, size);
  const a = root.mmul(root.transpose()).add(Matrix.eye(size));
  const b = randomMatrix(size, 2);
  const x = solvePositiveDefinite(Float64Array.from(a.to1DArray()), Float64Array.from(b.to1DArray()), size);
  const expected = new CholeskyDecomposition(a).solve(b).to1DArray();
  for (const [i, value] of expected.entries()) expect(x[i]).toBeCloseTo(value, 9);
});

test('reports a matrix that is not positive definite', () => {
  expect(() => solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1), 2)).toThrow(
    RangeError,
  );
});

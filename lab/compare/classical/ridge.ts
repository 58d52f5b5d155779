import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { type FittedModel, type Learner, type Rows, rowCount, type Validation } from './learner.ts';

/** Candidate penalties on squared coefficients, per training row. The best on validation rows is chosen. */
const PENALTIES = [1e-3, 1e-2, 1e-1, 1, 10];

/**
 * Ridge regression, because neighboring bands are strongly correlated.
 *
 * @param penalties candidates; each needs a decomposition of a [width, width] matrix
 */
export function createRidge(penalties: readonly number[] = PENALTIES): Learner {
  return { regress: (rows, targets, validation) => fitBest(penalties, rows, targets, validation) };
}

function fitBest(
  penalties: readonly number[],
  rows: Rows,
  targets: Float64Array,
  validation: Validation,
): FittedModel {
  const n = rowCount(rows);
  const mean = targets.reduce((sum, y) => sum + y, 0) / n;
  const moment = momentOf(rows, targets, mean);
  const fits = decompositionsOf(rows, penalties).map((gram) => linear(gram.solve(moment).to1DArray(), mean));
  const errors = fits.map((fit) => squaredError(fit, validation));
  return fits[errors.indexOf(Math.min(...errors))]!;
}

const cache = new WeakMap<Rows, CholeskyDecomposition[]>();

/** Decompositions of Xᵀ X plus each penalty: nearly all of the work, and shared by both axes. */
function decompositionsOf(rows: Rows, penalties: readonly number[]): CholeskyDecomposition[] {
  const cached = cache.get(rows);
  if (cached) return cached;
  const gram = gramOf(rows);
  const made = penalties.map((penalty) => {
    const penalized = gram.clone();
    for (let i = 0; i < rows.width; i++) penalized.set(i, i, gram.get(i, i) + penalty * rowCount(rows));
    return new CholeskyDecomposition(penalized);
  });
  cache.set(rows, made);
  return made;
}

function linear(weights: readonly number[], intercept: number): FittedModel {
  return {
    predict({ width, values }) {
      const predicted = new Float64Array(values.length / width).fill(intercept);
      for (const [i, x] of values.entries()) {
        const row = Math.floor(i / width);
        predicted[row] = predicted[row]! + x * weights[i - row * width]!;
      }
      return predicted;
    },
    parameters: weights.length + 1,
    bytes: 4 * (weights.length + 1),
    free() {},
  };
}

/** Xᵀ X. Summing the upper half only needs half the products and no transposed copy. */
function gramOf({ width, values }: Rows): Matrix {
  const sums = new Float64Array(width * width);
  for (let row = 0; row < values.length; row += width) {
    for (let i = 0; i < width; i++) {
      const x = values[row + i]!;
      for (let j = i; j < width; j++) sums[i * width + j] = sums[i * width + j]! + x * values[row + j]!;
    }
  }
  const gram = Matrix.zeros(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) {
      gram.set(i, j, sums[i * width + j]!);
      gram.set(j, i, sums[i * width + j]!);
    }
  }
  return gram;
}

/** Xᵀ (y − mean) as a column vector. */
function momentOf({ width, values }: Rows, targets: Float64Array, mean: number): Matrix {
  const moment = new Float64Array(width);
  for (const [row, target] of targets.entries()) {
    for (let i = 0; i < width; i++) moment[i] = moment[i]! + values[row * width + i]! * (target - mean);
  }
  return Matrix.columnVector(moment);
}

function squaredError(fit: FittedModel, { rows, targets }: Validation): number {
  return fit.predict(rows).reduce((sum, predicted, i) => sum + (predicted - targets[i]!) ** 2, 0);
}

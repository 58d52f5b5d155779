import type { BitReader } from './bit-reader.ts';

/**
 * The predictors of blocks of version 1. A column is stored as residuals: its numbers less their predictions. Each
 * predictor reads its parameters from the block. The order of the arithmetic is part of the format: predictions must
 * equal those of the encoder to the last digit.
 */
export interface PredictorInputs {
  /** The column is stored as its difference to this one. */
  readonly base?: Float64Array | undefined;
  /** Columns (less their own base) that change together with this one. */
  readonly companions?: readonly Float64Array[];
  /** For a bound of an interval: its middle, the standard deviation, and the other bound. */
  readonly interval?: {
    readonly middle: Float64Array;
    readonly sd: Float64Array;
    readonly side: 1 | -1;
    readonly other?: Float64Array | undefined;
  };
  /** Columns whose squares predict this one. */
  readonly squaresOf?: readonly Float64Array[];
}

/** A prediction for each row; or the previous row plus `moves[row]` plus `pull` times the previous row. */
type Predictions = { readonly rows: Float64Array } | { readonly moves: Float64Array; readonly pull: number };

/** Bounds are clamped to ±1, in millionths. */
const EDGE = 1_000_000;

const clamp = (value: number): number => (value > EDGE ? EDGE : value < -EDGE ? -EDGE : value);

type Predictor = (input: BitReader, count: number, inputs: PredictorInputs) => Predictions;

/** The previous row plus a constant. */
const steady: Predictor = (input, count) => ({
  moves: new Float64Array(count).fill(input.signed()),
  pull: 0,
});

/** A constant. */
const around: Predictor = (input, count) => ({ rows: new Float64Array(count).fill(input.signed()) });

/** The previous row plus a weighted sum of the companions' changes, pulled towards its mean. */
const companions: Predictor = (input, count, { companions: others = [] }) => {
  const weights = Array.from({ length: others.length + 2 }, () => shortFloat(input.bits(24)));
  const moves = new Float64Array(count).fill(weights[others.length + 1]!);
  for (const [i, other] of others.entries()) {
    const weight = weights[i]!;
    for (let row = 1; row < count; row++) moves[row]! += weight * (other[row]! - other[row - 1]!);
  }
  return { moves, pull: weights[others.length]! };
};

/** A bound at a fixed number of standard deviations from its middle. */
const reach: Predictor = (input, count, { interval }) => {
  const { middle, sd, side } = interval!;
  const width = input.float64();
  return {
    rows: new Float64Array(count).map((_, row) => clamp(middle[row]! + side * Math.round(width * sd[row]!))),
  };
};

/** A bound at the same distance from its middle as the other bound. */
const mirror: Predictor = (_input, count, { interval }) => {
  const { middle, sd, other } = interval!;
  const rows = new Float64Array(count);
  /** Distance in standard deviations in the last row whose other bound was not clamped. */
  let width = 0;
  for (let row = 0; row < count; row++) {
    let far = middle[row]! - other![row]!;
    if (Math.abs(other![row]!) === EDGE) far = Math.round(width * sd[row]!);
    else if (sd[row]! !== 0) width = far / sd[row]!;
    rows[row] = clamp(middle[row]! + far);
  }
  return { rows };
};

/** b + Σ w·x², at least 0. */
const squares: Predictor = (input, count, { squaresOf = [] }) => {
  const weights = Array.from({ length: squaresOf.length + 1 }, () => input.float64());
  const rows = new Float64Array(count).fill(weights[squaresOf.length]! * 1e6);
  for (const [i, x] of squaresOf.entries()) {
    const weight = weights[i]!;
    for (let row = 0; row < count; row++) rows[row]! += weight * (x[row]! * x[row]! * 1e-6);
  }
  return { rows: rows.map((value) => Math.max(0, Math.round(value))) };
};

const PREDICTORS: readonly Predictor[] = [steady, around, companions, reach, mirror, squares];
/** Instead of the index of a predictor: the column is stored as floats. */
const EXACT = 255;

/** Reads a column of whole numbers, or of floats if `exact`. */
export function readNumbers(
  input: BitReader,
  count: number,
  inputs: PredictorInputs,
): { readonly column: Float64Array; readonly exact: boolean } {
  const kind = input.bits(8);
  if (kind === EXACT) return { column: new Float64Array(count).map(() => input.float64()), exact: true };
  const predictions = PREDICTORS[kind]!(input, count, inputs);
  input.align();
  const constant = input.bits(8) === 1;
  const column = constant ? new Float64Array(count).fill(input.signed()) : input.residuals(count);
  restore(column, predictions, inputs);
  input.align();
  return { column, exact: false };
}

/** Turns residuals into numbers, in place. */
function restore(column: Float64Array, predictions: Predictions, { base }: PredictorInputs): void {
  if ('rows' in predictions) {
    for (let row = 0; row < column.length; row++) column[row]! += predictions.rows[row]!;
    return;
  }
  const { moves, pull } = predictions;
  let before = 0;
  for (let row = 0; row < column.length; row++) {
    if (row > 0) before += column[row]! + Math.round(moves[row]! + pull * before);
    else before = column[row]!;
    column[row] = base ? before + base[row]! : before;
  }
}

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/** A 32-bit float from its upper 24 bits; the others are 0. */
function shortFloat(bits: number): number {
  BITS[0] = bits << 8;
  return FLOAT[0]!;
}

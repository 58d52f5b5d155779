import type { BitReader } from './bit-reader.ts';

/**
 * The guesses that a block of version 1 stores its columns by: each reads its parameters from the block. The
 * order of operations is that of the program that wrote them, so that every guess is the same to the last digit.
 */
export interface Known {
  /** The column is guessed as a difference to this one. */
  readonly base?: Float64Array | undefined;
  /** Columns (less their own base) that move together with this one. */
  readonly companions?: readonly Float64Array[];
  /** For a bound of an interval: its middle, what its width is proportional to, and the other bound. */
  readonly interval?: {
    readonly middle: Float64Array;
    readonly sd: Float64Array;
    readonly side: 1 | -1;
    readonly other?: Float64Array | undefined;
  };
  readonly squaresOf?: readonly Float64Array[];
}

/** Of each row; or as the row before, moved by `moves[row]` and by `pull` times where it was. */
export type Guesses =
  | { readonly rows: Float64Array }
  | { readonly moves: Float64Array; readonly pull: number };

/** In millionths. */
const EDGE = 1_000_000;

const clamp = (value: number): number => (value > EDGE ? EDGE : value < -EDGE ? -EDGE : value);

type Guess = (input: BitReader, count: number, known: Known) => Guesses;

const steady: Guess = (input, count) => ({ moves: new Float64Array(count).fill(input.signed()), pull: 0 });

const around: Guess = (input, count) => ({ rows: new Float64Array(count).fill(input.signed()) });

/** As the row before, moved as its companions moved, and drawn back towards its mean. */
const companions: Guess = (input, count, { companions: others = [] }) => {
  const weights = Array.from({ length: others.length + 2 }, () => shortFloat(input.bits(24)));
  const moves = new Float64Array(count).fill(weights[others.length + 1]!);
  for (const [i, other] of others.entries()) {
    const weight = weights[i]!;
    for (let row = 1; row < count; row++) moves[row]! += weight * (other[row]! - other[row - 1]!);
  }
  return { moves, pull: weights[others.length]! };
};

/** A bound that lies a fixed number of standard deviations from its middle. */
const reach: Guess = (input, count, { interval }) => {
  const { middle, sd, side } = interval!;
  const width = input.float64();
  return {
    rows: new Float64Array(count).map((_, row) => clamp(middle[row]! + side * Math.round(width * sd[row]!))),
  };
};

/** A bound that lies as far from its middle as the other bound. */
const mirror: Guess = (_input, count, { interval }) => {
  const { middle, sd, other } = interval!;
  const rows = new Float64Array(count);
  /** Of the last row whose other bound was not cut off at the edge, in standard deviations. */
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
const squares: Guess = (input, count, { squaresOf = [] }) => {
  const weights = Array.from({ length: squaresOf.length + 1 }, () => input.float64());
  const rows = new Float64Array(count).fill(weights[squaresOf.length]! * 1e6);
  for (const [i, x] of squaresOf.entries()) {
    const weight = weights[i]!;
    for (let row = 0; row < count; row++) rows[row]! += weight * (x[row]! * x[row]! * 1e-6);
  }
  return { rows: rows.map((value) => Math.max(0, Math.round(value))) };
};

const GUESSES: readonly Guess[] = [steady, around, companions, reach, mirror, squares];
const EXACT = 255;

/** A column in whole numbers, or with `exact` set as floats. */
export function readNumbers(
  input: BitReader,
  count: number,
  known: Known,
): { readonly column: Float64Array; readonly exact: boolean } {
  const kind = input.bits(8);
  if (kind === EXACT) return { column: new Float64Array(count).map(() => input.float64()), exact: true };
  const guesses = GUESSES[kind]!(input, count, known);
  input.align();
  const constant = input.bits(8) === 1;
  const column = constant ? new Float64Array(count).fill(input.signed()) : input.residuals(count);
  restore(column, guesses, known);
  input.align();
  return { column, exact: false };
}

/** Residuals to numbers, in place. */
function restore(column: Float64Array, guesses: Guesses, { base }: Known): void {
  if ('rows' in guesses) {
    for (let row = 0; row < column.length; row++) column[row]! += guesses.rows[row]!;
    return;
  }
  const { moves, pull } = guesses;
  let before = 0;
  for (let row = 0; row < column.length; row++) {
    if (row > 0) before += column[row]! + Math.round(moves[row]! + pull * before);
    else before = column[row]!;
    column[row] = base ? before + base[row]! : before;
  }
}

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/** A 32-bit float of which the last 8 bits are 0. */
function shortFloat(bits: number): number {
  BITS[0] = bits << 8;
  return FLOAT[0]!;
}

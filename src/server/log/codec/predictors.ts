import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { leastSquares } from './least-squares.ts';

/**
 * Ways to guess a column from what comes before it in the block; only what a guess misses is stored.
 * Whatever is guessed, the column comes back exactly: encoder and decoder make the same guesses from the
 * same numbers, in the same order of operations.
 *
 * All columns hold whole numbers and are as long as each other; row by row, then frame by frame in time.
 */
export interface Known {
  /** The column to guess, as a difference to this one where given: a forecast to the one before it. */
  readonly base?: Float64Array | undefined;
  /** Columns (less their own base) that are known in full already and may move together with this one. */
  readonly companions?: readonly Float64Array[];
  /** For a bound of an interval: its middle, what its width is proportional to, and the other bound. */
  readonly interval?: {
    readonly middle: Float64Array;
    readonly sd: Float64Array;
    readonly side: 1 | -1;
    readonly other?: Float64Array | undefined;
  };
  /** For a quantity that is linear in the squares of these. */
  readonly squaresOf?: readonly Float64Array[];
}

/** What a predictor says of a column, once its parameters are known. */
export type Guesses =
  /** The guess for each row, whatever the column holds. */
  | { readonly rows: Float64Array }
  /** Each row as the one before it, moved by `moves[row]` and by `pull` times where it was. */
  | { readonly moves: Float64Array; readonly pull: number };

export interface Predictor {
  /** Undefined where it does not apply to this column. */
  fit(column: Float64Array, known: Known): number[] | undefined;
  write(out: BitWriter, parameters: readonly number[]): void;
  read(input: BitReader, known: Known): number[];
  guess(count: number, parameters: readonly number[], known: Known): Guesses;
}

/** Fits look at about so many rows. */
const FIT_ROWS = 400;
/** Valence and arousal end here: in millionths, as all columns that have an interval. */
const EDGE = 1_000_000;

const clamp = (value: number): number => (value > EDGE ? EDGE : value < -EDGE ? -EDGE : value);

/** As the row before, and a typical step on. */
const steady: Predictor = {
  fit(column, { base }) {
    const steps = rowsOf(column.length, 1).map((row) => {
      const step = column[row]! - column[row - 1]!;
      return base ? step - base[row]! + base[row - 1]! : step;
    });
    return [median(steps)];
  },
  write: (out, [step]) => out.signed(step!),
  read: (input) => [input.signed()],
  guess: (count, [step]) => ({ moves: new Float64Array(count).fill(step!), pull: 0 }),
};

/** Round one value: for what has no memory, as latency. */
const around: Predictor = {
  fit: (column, { base }) =>
    base ? undefined : [median(rowsOf(column.length, 0).map((row) => column[row]!))],
  write: (out, [middle]) => out.signed(middle!),
  read: (input) => [input.signed()],
  guess: (count, [middle]) => ({ rows: new Float64Array(count).fill(middle!) }),
};

/** As the row before, moved as its companions moved, and drawn back towards its mean. */
const companions: Predictor = {
  fit(column, { base, companions: others = [] }) {
    if (column.length < 4 * (others.length + 4)) return undefined;
    const own = base ? column.map((value, row) => value - base[row]!) : column;
    const rows = rowsOf(column.length, 1);
    const moved = rows.map((row) => own[row]! - own[row - 1]!);
    const inputs = [
      ...others.map((other) => rows.map((row) => other[row]! - other[row - 1]!)),
      rows.map((row) => own[row - 1]!),
      rows.map(() => 1),
    ];
    return [...leastSquares(inputs, moved)].map(short);
  },
  write(out, weights) {
    for (const weight of weights) out.bits(bitsOfFloat(weight) >>> 8, 24);
  },
  read: (input, { companions: others = [] }) =>
    Array.from({ length: others.length + 2 }, () => floatOfBits(input.bits(24) << 8)),
  guess(count, weights, { companions: others = [] }) {
    const moves = new Float64Array(count).fill(weights[others.length + 1]!);
    for (const [i, other] of others.entries()) {
      const weight = weights[i]!;
      for (let row = 1; row < count; row++) moves[row]! += weight * (other[row]! - other[row - 1]!);
    }
    return { moves, pull: weights[others.length]! };
  },
};

/** A bound that lies a fixed number of standard deviations from its middle. */
const reach: Predictor = {
  fit(column, { interval }) {
    if (!interval) return undefined;
    const { middle, sd, side } = interval;
    const rows = rowsOf(column.length, 0).filter((row) => sd[row]! !== 0 && Math.abs(column[row]!) < EDGE);
    const widths = rows.map((row) => (side * (column[row]! - middle[row]!)) / sd[row]!);
    const typical = medianOf(widths);
    // Rounding makes each of them a little wrong; the mean of those that agree is nearly right.
    const near = rows.filter((row, i) => Math.abs((widths[i]! - typical) * sd[row]!) <= 4);
    let [above, below] = [0, 0];
    for (const row of near) {
      above += side * (column[row]! - middle[row]!) * sd[row]!;
      below += sd[row]! * sd[row]!;
    }
    return [below > 0 ? above / below : typical];
  },
  write: (out, [width]) => out.float64(width!),
  read: (input) => [input.float64()],
  guess(count, [width], { interval }) {
    const { middle, sd, side } = interval!;
    const rows = new Float64Array(count);
    for (let row = 0; row < count; row++)
      rows[row] = clamp(middle[row]! + side * Math.round(width! * sd[row]!));
    return { rows };
  },
};

/** A bound that lies as far from its middle as the other bound. */
const mirror: Predictor = {
  fit: (_column, { interval }) => (interval?.other ? [] : undefined),
  write() {},
  read: () => [],
  guess(count, _parameters, { interval }) {
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
  },
};

/** b + Σ w·x², at least 0: confidence, as long as what is heard is familiar. */
const squares: Predictor = {
  fit(column, { squaresOf }) {
    if (!squaresOf || column.length < 8) return undefined;
    const rows = rowsOf(column.length, 0);
    const inputs = [
      ...squaresOf.map((x) => rows.map((row) => x[row]! * x[row]! * 1e-6)),
      rows.map(() => 1e6),
    ];
    const y = rows.map((row) => column[row]!);
    let weights = leastSquares(inputs, y);
    // Rows that do not follow the rule are given ever less weight, until they have no say.
    for (let round = 0; round < 12; round++) {
      const misses = y.map((value, i) =>
        Math.abs(value - inputs.reduce((sum, x, k) => sum + weights[k]! * x[i]!, 0)),
      );
      const usual = Math.max(0.3, medianOf(misses));
      weights = leastSquares(
        inputs,
        y,
        misses.map((miss) => 1 / (1 + (miss / usual) ** 2)),
      );
    }
    return [...weights];
  },
  write(out, weights) {
    for (const weight of weights) out.float64(weight);
  },
  read: (input, { squaresOf }) => Array.from({ length: squaresOf!.length + 1 }, () => input.float64()),
  guess(count, weights, { squaresOf }) {
    const rows = new Float64Array(count).fill(weights[squaresOf!.length]! * 1e6);
    for (const [i, x] of squaresOf!.entries()) {
      const weight = weights[i]!;
      for (let row = 0; row < count; row++) rows[row]! += weight * (x[row]! * x[row]! * 1e-6);
    }
    for (let row = 0; row < count; row++) rows[row] = Math.max(0, Math.round(rows[row]!));
    return { rows };
  },
};

/** Their places are stored in blocks: new ones go to the end. */
export const PREDICTORS: readonly Predictor[] = [steady, around, companions, reach, mirror, squares];

/** Some rows from `first` on, spread over all of them. */
function rowsOf(length: number, first: number): number[] {
  const stride = Math.max(1, Math.floor(length / FIT_ROWS));
  const rows: number[] = [];
  for (let row = first; row < length; row += stride) rows.push(row);
  return rows;
}

function medianOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : Float64Array.from(values).sort()[values.length >> 1]!;
}

const median = (values: readonly number[]): number => Math.round(medianOf(values));

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

function bitsOfFloat(value: number): number {
  FLOAT[0] = value;
  return BITS[0]!;
}

function floatOfBits(bits: number): number {
  BITS[0] = bits;
  return FLOAT[0]!;
}

/** As it comes back: 24 bits of a 32-bit float. */
const short = (value: number): number => floatOfBits(bitsOfFloat(value) & 0xffffff00);

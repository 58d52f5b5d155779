/**
 * A column of numbers as bytes, without loss.
 *
 * With `decimals` 0 or more, a number is a whole number `w` of units of 10^-decimals. Let g be the guess of a row: the
 * sum over `guess` of weight · w of that column, rounded as Math.round does (0 if there is no guess). The stored
 * difference d of row i is
 *
 *     with `steps`:     d[i] = (w[i] - g[i]) - (w[i-1] - g[i-1]),   where w[-1] - g[-1] is `start`
 *     without `steps`:  d[i] = w[i] - g[i]
 *
 * Signs are folded into the lowest bit (0, -1, 1, -2, … become 0, 1, 2, 3, …). The folded numbers have `width` bytes
 * each (none if all are 0) and are stored as byte planes: the lowest bytes of all rows, then the next bytes.
 *
 * With `decimals` -1, the column is 64-bit floats, little-endian, row by row: for numbers that are no whole multiples of
 * any unit.
 */
export interface ColumnHead {
  readonly name: string;
  /** Unit of the whole numbers: 10^-decimals; FLOAT64 for floats. */
  readonly decimals: number;
  /** Bytes of a row. */
  readonly width: number;
  readonly steps: boolean;
  /** With `steps`, the first row less its guess; otherwise 0. */
  readonly start: number;
  /** Indexes of earlier columns with the same unit, each with its weight. */
  readonly guess: readonly (readonly [place: number, weight: number])[];
}

export const FLOAT64 = -1;

/** A column before it is packed. */
export interface Column {
  readonly name: string;
  /** [frames] */
  readonly values: Float64Array;
  /** Units to try, as numbers of decimals, the coarsest first. */
  readonly decimals: readonly number[];
  /** Earlier columns, by name, whose weighted sum is close to this column. */
  readonly guess: readonly (readonly [name: string, weight: number])[];
  /** Whether a row is close to the previous row. */
  readonly steps: boolean;
}

interface PackedColumn {
  readonly head: ColumnHead;
  readonly bytes: Uint8Array;
}

/** Packs the columns of a block. */
export function packColumns(columns: readonly Column[]): PackedColumn[] {
  const packed: (PackedColumn & { readonly whole: Float64Array | undefined })[] = [];
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  for (const { name, values, decimals: units, guess: guesses, steps } of columns) {
    const { decimals, whole } = toWholeOf(units, values);
    if (!whole) {
      const head = { name, decimals, width: 8, steps, start: 0, guess: [] };
      packed.push({ head, bytes: packFloats(values), whole });
      continue;
    }
    const near = guesses.map(([other, weight]) => [places.get(other)!, weight] as const);
    // Columns in another unit are of no use, so the column then has no guess.
    const guess = near.every(([place]) => packed[place]!.head.decimals === decimals) ? near : [];
    const terms = guess.map(([place, weight]) => ({ whole: packed[place]!.whole!, weight }));
    const { bytes, start, width } = packWhole(whole, weightedSum(terms), steps);
    packed.push({ head: { name, decimals, width, steps, start, guess }, bytes, whole });
  }
  return packed;
}

/** The values in the coarsest unit that loses nothing. */
function toWholeOf(units: readonly number[], values: Float64Array) {
  for (const decimals of units) {
    const whole = toWhole(values, decimals);
    if (whole) return { decimals, whole };
  }
  return { decimals: FLOAT64, whole: undefined };
}

/**
 * Larger whole numbers are stored as floats. With the weights in use (at most 500, of `seq`, which is far smaller),
 * guesses and differences then stay below 2^53, where numbers are exact.
 */
const MAX_WHOLE = 2 ** 46;

/** `values[i] · 10^decimals`; undefined if a value would lose digits, or is not finite. */
function toWhole(values: Float64Array, decimals: number): Float64Array | undefined {
  const scale = 10 ** decimals;
  const whole = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const scaled = Math.round(values[row]! * scale);
    if (!(Math.abs(scaled) <= MAX_WHOLE) || scaled / scale !== values[row]) return undefined;
    whole[row] = scaled + 0; // no -0
  }
  return whole;
}

function packWhole(
  whole: Float64Array,
  guess: Float64Array | undefined,
  steps: boolean,
): Pick<ColumnHead, 'start' | 'width'> & { readonly bytes: Uint8Array } {
  const rows = whole.length;
  const start = steps && rows > 0 ? whole[0]! - (guess?.[0] ?? 0) : 0;
  const folded = new Float64Array(rows);
  let largest = 0;
  let before = start;
  for (let row = 0; row < rows; row++) {
    const own = guess ? whole[row]! - guess[row]! : whole[row]!;
    const difference = own - before;
    if (steps) before = own;
    const fold = difference < 0 ? -2 * difference - 1 : 2 * difference;
    if (fold > largest) largest = fold;
    folded[row] = fold;
  }
  let width = 0;
  while (largest >= 256 ** width) width++;
  const bytes = new Uint8Array(rows * width);
  for (let plane = 0; plane < width; plane++) {
    const scale = 256 ** plane;
    const first = plane * rows;
    for (let row = 0; row < rows; row++) bytes[first + row] = (folded[row]! / scale) & 255;
  }
  return { bytes, start, width };
}

/**
 * Reads a column of whole numbers.
 *
 * @param bytes `rows · width` of them
 * @param guess of each row; undefined without one
 */
export function unpackWhole(
  bytes: Uint8Array,
  rows: number,
  { start, width, steps }: Pick<ColumnHead, 'start' | 'width' | 'steps'>,
  guess: Float64Array | undefined,
): Float64Array {
  const whole = new Float64Array(rows);
  for (let plane = 0; plane < width; plane++) {
    const scale = 256 ** plane;
    const first = plane * rows;
    for (let row = 0; row < rows; row++) whole[row]! += bytes[first + row]! * scale;
  }
  let before = start;
  for (let row = 0; row < rows; row++) {
    const folded = whole[row]!;
    // Bit operations use only the lowest 32 bits, which have the sign bit.
    const own = before + ((folded & 1) === 0 ? folded / 2 : -(folded + 1) / 2);
    if (steps) before = own;
    whole[row] = guess ? own + guess[row]! : own;
  }
  return whole;
}

/** The guess of each row: Σ weight · column, rounded; undefined without terms. */
export function weightedSum(
  terms: readonly { readonly whole: Float64Array; readonly weight: number }[],
): Float64Array | undefined {
  const [first, ...others] = terms;
  if (!first) return undefined;
  const sum = first.whole.map((value) => value * first.weight);
  for (const { whole, weight } of others)
    for (let row = 0; row < sum.length; row++) sum[row]! += whole[row]! * weight;
  for (let row = 0; row < sum.length; row++) sum[row] = Math.round(sum[row]!);
  return sum;
}

const packFloats = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

export function unpackFloats(bytes: Uint8Array): Float64Array {
  const values = new Float64Array(bytes.length / 8);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/**
 * A column of numbers as bytes, and back exactly as they were.
 *
 * Numbers become whole numbers of a decimal unit. What is stored of each is its difference to a guess (a
 * weighted sum of other columns of the block) and, with `steps`, of that to the row before. The differences
 * have their sign folded in (0, -1, 1, -2, … become 0, 1, 2, 3, …) and are split into byte planes: the lowest
 * bytes of all rows, then the next. Numbers that are no whole multiples of any unit are stored as 64-bit floats.
 */
export interface ColumnHead {
  readonly name: string;
  /** Unit of the whole numbers: 10^-decimals; -1: 64-bit floats, little-endian. */
  readonly decimals: number;
  /** Bytes of a row. */
  readonly width: number;
  readonly steps: boolean;
  /** With `steps`, the difference of the first row to its guess; else 0. */
  readonly start: number;
  /** Places of earlier columns of the same unit, each with its weight; none: the guess is 0. */
  readonly guess: readonly (readonly [place: number, weight: number])[];
}

export const FLOAT64 = -1;

/** Larger whole numbers are stored as floats: what is added up below stays under 2^53. */
const LARGEST = 2 ** 46;

/** `values[i] · 10^decimals`, or undefined where one would not come back as it is. */
export function toWhole(values: Float64Array, decimals: number): Float64Array | undefined {
  const scale = 10 ** decimals;
  const whole = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const scaled = Math.round(values[row]! * scale);
    if (!(Math.abs(scaled) <= LARGEST) || scaled / scale !== values[row]) return undefined;
    whole[row] = scaled + 0; // no -0
  }
  return whole;
}

/** @param guess of each row; none: 0 */
export function packWhole(
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

/** The other way round. */
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
    // The lowest bit is the sign.
    const own = before + ((folded & 1) === 0 ? folded / 2 : -(folded + 1) / 2);
    if (steps) before = own;
    whole[row] = guess ? own + guess[row]! : own;
  }
  return whole;
}

/** Σ weight · column, rounded; undefined where there is nothing to guess from. */
export function guessFrom(
  terms: readonly { readonly whole: Float64Array; readonly weight: number }[],
): Float64Array | undefined {
  const [first, ...others] = terms;
  if (!first) return undefined;
  const guess = first.whole.map((value) => value * first.weight);
  for (const { whole, weight } of others)
    for (let row = 0; row < guess.length; row++) guess[row]! += whole[row]! * weight;
  for (let row = 0; row < guess.length; row++) guess[row] = Math.round(guess[row]!);
  return guess;
}

export const floatsToBytes = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

export function bytesToFloats(bytes: Uint8Array): Float64Array {
  const values = new Float64Array(bytes.length / 8);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

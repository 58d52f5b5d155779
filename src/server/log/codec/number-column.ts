import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { damaged } from './damaged.ts';
import { type Guesses, type Known, PREDICTORS } from './predictors.ts';
import { costOfResiduals, readResiduals, writeResiduals } from './residuals.ts';

/** Larger whole numbers are stored as they are. */
const LARGEST = 2 ** 46;
const EXACT = 255;

/** Numbers as whole numbers of a unit (`values[i] / scale`), or undefined where one would not come back as it is. */
export function toWhole(values: readonly number[], scale: number): Float64Array | undefined {
  const whole = new Float64Array(values.length);
  for (const [i, value] of values.entries()) {
    const scaled = Math.round(value * scale);
    if (!(Math.abs(scaled) <= LARGEST) || scaled / scale !== value) return undefined;
    whole[i] = scaled + 0; // no -0
  }
  return whole;
}

/** Under this many bits a row, no other predictor is tried. */
const GOOD_BITS = 3;

/** Stores whole numbers by the predictor that leaves least to say. */
export function writeWhole(out: BitWriter, column: Float64Array, known: Known): void {
  let best: { index: number; parameters: number[]; residuals: Float64Array } | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const index of PREDICTORS.keys()) {
    const predictor = PREDICTORS[PREDICTORS.length - 1 - index]!; // the most particular first
    const parameters = predictor.fit(column, known);
    if (!parameters) continue;
    const residuals = residualsOf(column, predictor.guess(column.length, parameters, known), known);
    const cost = costOfResiduals(residuals) + 24 * parameters.length;
    if (cost >= least) continue;
    least = cost;
    best = { index: PREDICTORS.length - 1 - index, parameters, residuals };
    if (cost < GOOD_BITS * column.length) break;
  }
  const { index, parameters, residuals } = best!;
  out.bits(index, 8);
  PREDICTORS[index]!.write(out, parameters);
  out.align();
  const first = residuals[0] ?? 0;
  const constant = residuals.every((residual) => residual === first);
  out.bits(constant ? 1 : 0, 8);
  if (constant) out.signed(first);
  else writeResiduals(out, residuals);
  out.align();
}

/** Numbers that are no whole multiples of any unit, as 64-bit floats. */
export function writeExact(out: BitWriter, values: readonly number[]): void {
  out.bits(EXACT, 8);
  for (const value of values) out.float64(value);
}

/** What `writeWhole` or, with `exact` set, `writeExact` wrote. */
export function readNumbers(
  input: BitReader,
  count: number,
  known: Known,
): { readonly column: Float64Array; readonly exact: boolean } {
  const index = input.bits(8);
  if (index === EXACT) return { column: new Float64Array(count).map(() => input.float64()), exact: true };
  const predictor = PREDICTORS[index];
  if (!predictor) throw damaged('a block names no predictor that there is');
  const parameters = predictor.read(input, known);
  input.align();
  const constant = input.bits(8) === 1;
  const column = constant ? new Float64Array(count).fill(input.signed()) : readResiduals(input, count);
  restore(column, predictor.guess(count, parameters, known), known);
  input.align();
  return { column, exact: false };
}

function residualsOf(column: Float64Array, guesses: Guesses, { base }: Known): Float64Array {
  const residuals = new Float64Array(column.length);
  if ('rows' in guesses) {
    for (let row = 0; row < column.length; row++) residuals[row] = column[row]! - guesses.rows[row]!;
    return residuals;
  }
  const { moves, pull } = guesses;
  let before = 0;
  for (let row = 0; row < column.length; row++) {
    const own = base ? column[row]! - base[row]! : column[row]!;
    residuals[row] = row === 0 ? own : own - before - Math.round(moves[row]! + pull * before);
    before = own;
  }
  return residuals;
}

/** The other way round, in place. */
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

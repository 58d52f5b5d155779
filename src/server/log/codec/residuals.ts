import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { HuffmanCode } from './huffman.ts';

/**
 * Whole numbers that lie round 0: what is left of a column after its prediction.
 *
 * With the sign folded in (0, -1, 1, -2, … become 0, 1, 2, 3, …) each of the smallest has a symbol of its
 * own; larger ones share a symbol by their number of bits, which follow it but for the leading one. The
 * symbols are Huffman coded, with a code for each column of each block.
 */
const OWN_SYMBOL = 16;
const FIRST_WIDE_BITS = 5;
const MAX_BITS = 53;
const SYMBOLS = OWN_SYMBOL + MAX_BITS - FIRST_WIDE_BITS + 1;

/** Bits that follow each symbol, and the least number that has it. */
const EXTRA_BITS = Uint8Array.from({ length: SYMBOLS }, (_, symbol) =>
  symbol < OWN_SYMBOL ? 0 : symbol - OWN_SYMBOL + FIRST_WIDE_BITS - 1,
);
const LEAST = Float64Array.from(EXTRA_BITS, (bits, symbol) => (symbol < OWN_SYMBOL ? symbol : 2 ** bits));

const fold = (value: number): number => (value >= 0 ? 2 * value : -2 * value - 1);

const bitsOf = (folded: number): number =>
  folded < 2 ** 32 ? 32 - Math.clz32(folded) : 64 - Math.clz32(Math.floor(folded / 2 ** 32));

const symbolOf = (folded: number): number =>
  folded < OWN_SYMBOL ? folded : OWN_SYMBOL + bitsOf(folded) - FIRST_WIDE_BITS;

export function writeResiduals(out: BitWriter, residuals: ArrayLike<number>): void {
  const code = HuffmanCode.for(countSymbols(residuals));
  code.writeTable(out);
  for (let i = 0; i < residuals.length; i++) {
    const folded = fold(residuals[i]!);
    const symbol = symbolOf(folded);
    code.write(out, symbol);
    if (symbol >= OWN_SYMBOL) out.bits(folded - LEAST[symbol]!, EXTRA_BITS[symbol]!);
  }
}

export function readResiduals(input: BitReader, count: number): Float64Array {
  const residuals = new Float64Array(count);
  const table = HuffmanCode.readTable(input, SYMBOLS).decodeTable();
  input.symbols(count, table, EXTRA_BITS, (i, symbol, extra) => {
    const folded = symbol < OWN_SYMBOL ? symbol : LEAST[symbol]! + extra;
    // In 32 bits where it fits, which is nearly always and much faster.
    if (folded < 2 ** 31) residuals[i] = (folded >>> 1) ^ -(folded & 1);
    else residuals[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  });
  return residuals;
}

/** About how many bits `writeResiduals` takes: the entropy of its symbols and what follows them. */
export function costOfResiduals(residuals: ArrayLike<number>): number {
  const counts = countSymbols(residuals);
  let bits = 0;
  for (const [symbol, count] of counts.entries()) {
    if (count === 0) continue;
    bits += count * (EXTRA_BITS[symbol]! - Math.log2(count / residuals.length)) + 4;
  }
  return bits;
}

function countSymbols(residuals: ArrayLike<number>): number[] {
  const counts = new Array<number>(SYMBOLS).fill(0);
  for (let i = 0; i < residuals.length; i++) counts[symbolOf(fold(residuals[i]!))]!++;
  return counts;
}

import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';

/** No code is longer, so that a table of 4096 places decodes in one look. */
const MAX_BITS = 12;
const LENGTH_BITS = 4;

/** Canonical Huffman code: the lengths say all of it. A length of 0: the symbol does not occur. */
export class HuffmanCode {
  readonly lengths: Uint8Array;
  readonly #codes: Uint16Array;

  constructor(lengths: Uint8Array) {
    this.lengths = lengths;
    this.#codes = codesOf(lengths);
  }

  /** @param counts how often each symbol occurs */
  static for(counts: readonly number[]): HuffmanCode {
    return new HuffmanCode(lengthsOf(counts));
  }

  writeTable(out: BitWriter): void {
    const first = Math.max(
      0,
      this.lengths.findIndex((length) => length > 0),
    );
    const last = this.lengths.findLastIndex((length) => length > 0);
    out.bits(first, 8);
    out.bits(Math.max(0, last - first + 1), 8);
    for (let symbol = first; symbol <= last; symbol++) out.bits(this.lengths[symbol]!, LENGTH_BITS);
  }

  static readTable(input: BitReader, symbols: number): HuffmanCode {
    const lengths = new Uint8Array(symbols);
    const first = input.bits(8);
    const count = input.bits(8);
    for (let i = 0; i < count; i++) lengths[first + i] = input.bits(LENGTH_BITS);
    return new HuffmanCode(lengths);
  }

  write(out: BitWriter, symbol: number): void {
    out.bits(this.#codes[symbol]!, this.lengths[symbol]!);
  }

  /** For every 12 bits that may come next: symbol · 16 + length of its code. */
  decodeTable(): { readonly table: Uint16Array; readonly tableBits: number } {
    const table = new Uint16Array(1 << MAX_BITS);
    for (const [symbol, length] of this.lengths.entries()) {
      if (length === 0) continue;
      const start = this.#codes[symbol]! << (MAX_BITS - length);
      table.fill(symbol * 16 + length, start, start + (1 << (MAX_BITS - length)));
    }
    return { table, tableBits: MAX_BITS };
  }
}

function codesOf(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= MAX_BITS; length++) {
    code <<= 1;
    for (const [symbol, its] of lengths.entries()) if (its === length) codes[symbol] = code++;
  }
  return codes;
}

function lengthsOf(counts: readonly number[]): Uint8Array {
  let weights = counts.map((count) => count);
  for (;;) {
    const lengths = huffman(weights);
    if (lengths.every((length) => length <= MAX_BITS)) return lengths;
    // Rare symbols weigh more, so that their codes get shorter; a little is lost.
    weights = weights.map((weight) => (weight === 0 ? 0 : Math.ceil(weight / 4) + 1));
  }
}

interface Node {
  readonly weight: number;
  readonly symbols: readonly number[];
}

/** Few symbols (under 80), so the plain way: join the two lightest until one is left. */
function huffman(weights: readonly number[]): Uint8Array {
  const lengths = new Uint8Array(weights.length);
  let nodes: Node[] = weights.flatMap((weight, symbol) =>
    weight > 0 ? [{ weight, symbols: [symbol] }] : [],
  );
  if (nodes.length === 1) lengths[nodes[0]!.symbols[0]!] = 1;
  while (nodes.length > 1) {
    nodes = nodes.sort((a, b) => a.weight - b.weight);
    const [a, b, ...rest] = nodes as [Node, Node, ...Node[]];
    const symbols = [...a.symbols, ...b.symbols];
    for (const symbol of symbols) lengths[symbol]!++;
    nodes = [{ weight: a.weight + b.weight, symbols }, ...rest];
  }
  return lengths;
}

const MAX_CODE_BITS = 12;
const OWN_SYMBOLS = 16;
const FIRST_WIDE_BITS = 5;

/**
 * Reads a block of version 1 bit by bit, from the highest bit of each byte. Bits beyond the end are 0. Counts in
 * damaged data throw a RangeError, so that they cannot allocate much or loop forever.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** In bits. */
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bits(count: number): number {
    if (count > 24) {
      const high = this.bits(count - 24);
      return high * 0x1000000 + this.bits(24);
    }
    if (count === 0) return 0;
    const value = wordAt(this.#bytes, this.#at) >>> (32 - count);
    this.#at += count;
    return value;
  }

  /** 7 bits in each byte, the lowest first; the highest bit of a byte is set if another byte follows. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.bits(8);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** A varint that is a length, at most `max`. */
  count(max: number): number {
    const count = this.varint();
    if (count > max) throw new RangeError(`A length of a block is ${count}, more than ${max}.`);
    return count;
  }

  signed(): number {
    return unfold(this.varint());
  }

  float64(): number {
    const bytes = Uint8Array.from({ length: 8 }, () => this.bits(8));
    return new Float64Array(bytes.buffer)[0]!;
  }

  /** The next bytes, from a whole byte on: a view, not a copy. */
  bytes(length: number): Uint8Array {
    this.align();
    const start = this.#at >>> 3;
    this.#at += length * 8;
    return this.#bytes.subarray(start, start + length);
  }

  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }

  /** Run-length coded whole numbers: value and length of each run. */
  runs(count: number): Uint16Array {
    const values = new Uint16Array(count);
    for (let start = 0; start < count; ) {
      const value = this.varint();
      const length = this.count(count - start);
      if (length === 0) throw new RangeError('A run of a block is empty.');
      values.fill(value, start, start + length);
      start += length;
    }
    return values;
  }

  /**
   * Huffman-coded whole numbers around 0, with the sign folded into the lowest bit (0, -1, 1, -2, … are 0, 1, 2, 3, …).
   * The 16 smallest have their own symbols. Larger ones share a symbol for each number of bits, and their bits
   * without the leading one follow.
   */
  residuals(count: number): Float64Array {
    const table = this.#decodeTable();
    return new Float64Array(count).map(() => {
      const entry = table[wordAt(this.#bytes, this.#at) >>> (32 - MAX_CODE_BITS)]!;
      this.#at += entry & 15;
      const symbol = entry >>> 4;
      if (symbol < OWN_SYMBOLS) return unfold(symbol);
      const extra = symbol - OWN_SYMBOLS + FIRST_WIDE_BITS - 1;
      return unfold(2 ** extra + this.bits(extra));
    });
  }

  /**
   * The canonical Huffman code, given by the first symbol and the code length of each symbol. Returns, for every value of the
   * next 12 bits: symbol · 16 + length.
   */
  #decodeTable(): Uint16Array {
    const first = this.bits(8);
    const lengths = Array.from({ length: this.bits(8) }, () => this.bits(4));
    const table = new Uint16Array(1 << MAX_CODE_BITS);
    let start = 0;
    for (let length = 1; length <= MAX_CODE_BITS; length++) {
      for (const [place, codeLength] of lengths.entries()) {
        if (codeLength !== length) continue;
        const end = start + (1 << (MAX_CODE_BITS - length));
        table.fill((first + place) * 16 + length, start, end);
        start = end;
      }
    }
    return table;
  }
}

const unfold = (folded: number): number => (folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2);

/** At least the next 25 bits, in the highest bits of 32. */
function wordAt(bytes: Uint8Array, bit: number): number {
  const at = bit >>> 3;
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) << (bit & 7);
}

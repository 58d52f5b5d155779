import { damaged } from './damaged.ts';
/** Reads what BitWriter wrote. Beyond the end there are zeros: who reads knows how much there is. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** In bits. */
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next `count` bits without moving on; `count` up to 24. */
  peek(count: number): number {
    return count === 0 ? 0 : wordAt(this.#bytes, this.#at) >>> (32 - count);
  }

  /** Of the next whole byte. */
  get place(): number {
    return (this.#at + 7) >>> 3;
  }

  bits(count: number): number {
    if (count > 24) {
      const high = this.bits(count - 24);
      return high * 0x1000000 + this.bits(24);
    }
    const value = this.peek(count);
    this.#at += count;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 56; scale *= 0x80) {
      const byte = this.bits(8);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw damaged('a number in a block does not end');
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float64(): number {
    const bytes = new Uint8Array(8);
    for (let i = 0; i < 8; i++) bytes[i] = this.bits(8);
    return new Float64Array(bytes.buffer)[0]!;
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    this.align();
    const start = this.#at >>> 3;
    this.#at += length * 8;
    if (start + length > this.#bytes.length) throw damaged('a block ends too early');
    return this.#bytes.subarray(start, start + length);
  }

  /**
   * Calls back with each symbol of a code and the bits that follow it, `count` times: the inner loop of all
   * reading, so it keeps its place in a local variable.
   *
   * @param table for every `tableBits` that may come next: symbol · 16 + length of its code
   * @param extraBits how many bits follow a symbol, at most 52
   */
  symbols(
    count: number,
    { table, tableBits }: { readonly table: Uint16Array; readonly tableBits: number },
    extraBits: Uint8Array,
    each: (index: number, symbol: number, extra: number) => void,
  ): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < count; i++) {
      const entry = table[wordAt(bytes, at) >>> (32 - tableBits)]!;
      if (entry === 0) throw damaged('a code in a block means nothing');
      at += entry & 15;
      const symbol = entry >>> 4;
      let extra = 0;
      for (let left = extraBits[symbol]!; left > 0; ) {
        const take = left > 24 ? 24 : left;
        extra = extra * 2 ** take + (wordAt(bytes, at) >>> (32 - take));
        at += take;
        left -= take;
      }
      each(i, symbol, extra);
    }
    this.#at = at;
  }

  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }
}

/** The next 25 bits at least, from the top of 32; beyond the end, where an array gives nothing, zeros. */
function wordAt(bytes: Uint8Array, bit: number): number {
  const at = bit >>> 3;
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) << (bit & 7);
}

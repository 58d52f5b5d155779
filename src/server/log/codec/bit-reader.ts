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
    const byte = this.#at >>> 3;
    const bytes = this.#bytes;
    const word =
      ((bytes[byte] ?? 0) << 24) |
      ((bytes[byte + 1] ?? 0) << 16) |
      ((bytes[byte + 2] ?? 0) << 8) |
      (bytes[byte + 3] ?? 0);
    return count === 0 ? 0 : (word << (this.#at & 7)) >>> (32 - count);
  }

  skip(count: number): void {
    this.#at += count;
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
    throw new RangeError('A block of the log is damaged: a number in it does not end.');
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
    if (start + length > this.#bytes.length)
      throw new RangeError('A block of the log is damaged: it ends too early.');
    return this.#bytes.subarray(start, start + length);
  }

  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }
}

/** Bits, most significant first, into bytes that grow as needed. */
export class BitWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;
  /** Bits that do not make a byte yet: the low `#waiting` of `#held`. */
  #held = 0;
  #waiting = 0;

  /** The low `count` bits of `value`: a whole number from 0 up to 2^53, `count` up to 53. */
  bits(value: number, count: number): void {
    if (count > 24) {
      this.bits(Math.floor(value / 0x1000000), count - 24);
      this.bits(value % 0x1000000, 24);
      return;
    }
    if (this.#length + 4 > this.#bytes.length) this.#reserve(4);
    const held = (this.#held << count) | value; // at most 7 + 24 bits
    let waiting = this.#waiting + count;
    while (waiting >= 8) {
      waiting -= 8;
      this.#bytes[this.#length++] = held >>> waiting;
    }
    this.#held = held & ((1 << waiting) - 1);
    this.#waiting = waiting;
  }

  /** Seven bits to a byte, the last byte under 128: 0 up to 2^53. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bits((rest % 0x80) | 0x80, 8);
      rest = Math.floor(rest / 0x80);
    }
    this.bits(rest, 8);
  }

  /** Whole numbers of either sign, small ones in few bytes. */
  signed(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  float64(value: number): void {
    for (const byte of new Uint8Array(new Float64Array([value]).buffer)) this.bits(byte, 8);
  }

  bytes(bytes: Uint8Array): void {
    this.align();
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Fills up the byte that was begun. */
  align(): void {
    if (this.#waiting > 0) this.bits(0, 8 - this.#waiting);
  }

  /** What was written, to the last whole byte: align first. The array is not reused. */
  finish(): Uint8Array {
    this.align();
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

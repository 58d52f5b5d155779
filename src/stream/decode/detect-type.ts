import audioType from 'audio-type';

/** Enough for every format's signature, tags apart. */
export const HEAD_BYTES = 4096;

/** The name under which `audio-decode` knows the format; `wav` for all of its relatives. */
export function detectType(head: Uint8Array): string | undefined {
  if (head.length >= 12 && fourCc(head, 8) === 'WAVE' && ['RIFF', 'RF64', 'BW64'].includes(fourCc(head, 0))) {
    return 'wav';
  }
  // A copy: audio-type looks at the whole underlying buffer, wherever a view into it begins.
  return audioType(head.slice());
}

/** Bytes that wait for enough of them to be read: headers cut at any place become whole again. */
export class ByteBuffer {
  #bytes = new Uint8Array(0);

  get length(): number {
    return this.#bytes.length;
  }

  push(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
  }

  /** The first `count` bytes without taking them; undefined while there are fewer. */
  peek(count: number): Uint8Array | undefined {
    return this.#bytes.length < count ? undefined : this.#bytes.subarray(0, count);
  }

  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Drops at most `count` bytes and returns how many there were to drop. */
  skip(count: number): number {
    return this.take(Math.min(count, this.#bytes.length)).length;
  }
}

export function fourCc(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

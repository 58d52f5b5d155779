/** Helpers for byte streams whose chunks can end anywhere. */

/** Concatenates into a new array. */
export function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/**
 * Reads at least `count` bytes, or all if there are fewer.
 *
 * @returns these bytes, and an iterable of all bytes from the first on. Iterate it: that closes the input.
 */
export async function peekBytes(
  bytes: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ readonly head: Uint8Array; readonly all: AsyncGenerator<Uint8Array, void, undefined> }> {
  const input = bytes[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let failure: { readonly cause: unknown } | undefined;
  while (head.length < count && !failure) {
    try {
      const next = await input.next();
      if (next.done) break;
      head = head.length === 0 ? next.value : concatBytes(head, next.value);
    } catch (cause) {
      failure = { cause };
    }
  }
  async function* all() {
    try {
      if (head.length > 0) yield head;
      if (failure) throw failure.cause;
      for (let next = await input.next(); !next.done; next = await input.next()) yield next.value;
    } finally {
      await input.return?.();
    }
  }
  return { head, all: all() };
}

/** Collects bytes until there are enough of them, to read a header that is split between chunks. */
export class ByteBuffer {
  #bytes = new Uint8Array(0);

  get length(): number {
    return this.#bytes.length;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = concatBytes(this.#bytes, bytes);
  }

  /** The first `count` bytes without removing them; undefined if there are fewer. */
  peek(count: number): Uint8Array | undefined {
    return this.#bytes.length < count ? undefined : this.#bytes.subarray(0, count);
  }

  /** Removes and returns the first `count` bytes, or all if there are fewer. */
  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Removes at most `count` bytes and returns how many it removed. */
  skip(count: number): number {
    return this.take(Math.min(count, this.#bytes.length)).length;
  }
}

/** Whether the bytes from `at` on are this text, one character each. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Four bytes from `at` on as text: the name of a chunk or box. */
export function fourCc(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

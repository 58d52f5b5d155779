import { concatBytes } from '../../util/bytes.ts';
import { id3v2Bytes } from './tags.ts';

const HEADER_BYTES = 10;
/** A sound frame begins with these bits; text and padding in a tag do not. */
const isSync = (a: number | undefined, b: number | undefined) => a === 0xff && (b ?? 0) >= 0xe0;

/**
 * Skips the ID3v2 tags at the start of a recording: a cover picture in them can be larger than the head from which
 * the format is detected. A tag whose size is too large ends where its frames end and sound begins.
 */
export async function* skipId3(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let head = new Uint8Array(0);
  let tag: Id3Walk | undefined;
  let searching = true;
  for await (const piece of bytes) {
    if (!searching) {
      yield piece;
      continue;
    }
    let rest = head.length > 0 ? concatBytes(head, piece) : piece;
    head = new Uint8Array(0);
    while (searching && rest.length > 0) {
      if (tag) {
        rest = rest.subarray(tag.skip(rest));
        if (tag.ended) tag = undefined;
      } else if (rest.length < HEADER_BYTES) {
        head = rest.slice();
        rest = rest.subarray(rest.length);
      } else if (id3v2Bytes(rest) > 0) {
        tag = new Id3Walk(rest.subarray(0, HEADER_BYTES));
        rest = rest.subarray(HEADER_BYTES);
      } else {
        searching = false;
      }
    }
    if (!searching) yield rest;
  }
  if (head.length > 0) yield head;
}

/** Walks through the frames of one tag (ID3v2.3 and 2.4), and by the tag's size alone where it cannot. */
class Id3Walk {
  readonly #syncSafe: boolean;
  /** Bytes of the tag, and of its current frame, that are still to come. */
  #left: number;
  #frame = 0;
  #place: 'frames' | 'padding' | 'blind';
  #header = new Uint8Array(0);

  constructor(head: Uint8Array) {
    this.#left = id3v2Bytes(head) - HEADER_BYTES;
    this.#syncSafe = head[3] === 4;
    // An extended header or unsynchronization changes the layout of the frames.
    this.#place = (head[3] === 3 || head[3] === 4) && (head[5]! & 0xc0) === 0 ? 'frames' : 'blind';
  }

  get ended(): boolean {
    return this.#left === 0;
  }

  /** How many of the bytes belong to the tag. */
  skip(bytes: Uint8Array): number {
    let at = 0;
    while (this.#left > 0 && at < bytes.length) {
      if (this.#place === 'blind' || this.#frame > 0) {
        const known = this.#place === 'blind' ? this.#left : this.#frame;
        const count = Math.min(known, this.#left, bytes.length - at);
        this.#frame = Math.max(0, this.#frame - count);
        this.#left -= count;
        at += count;
      } else if (this.#place === 'padding') {
        if (isSync(bytes[at], bytes[at + 1] ?? 0xff)) this.#left = 0;
        else {
          at++;
          this.#left--;
        }
      } else {
        at += this.#readHeader(bytes.subarray(at));
      }
    }
    return at;
  }

  /** Reads the header of a frame, as far as the bytes reach. Returns how many bytes it took. */
  #readHeader(bytes: Uint8Array): number {
    if (this.#header.length === 0 && isSync(bytes[0], bytes[1] ?? 0)) {
      this.#left = 0;
      return 0;
    }
    if (this.#header.length === 0 && bytes[0] === 0) {
      this.#place = 'padding';
      return 0;
    }
    const count = Math.min(HEADER_BYTES - this.#header.length, this.#left, bytes.length);
    this.#header = concatBytes(this.#header, bytes.subarray(0, count));
    this.#left -= count;
    if (this.#header.length < HEADER_BYTES) return count;
    const [a, b, c, d] = this.#header.subarray(4, 8) as unknown as [number, number, number, number];
    const size = this.#syncSafe
      ? (a << 21) | (b << 14) | (c << 7) | d
      : ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    const named = /^[A-Z0-9]{4}$/.test(String.fromCharCode(...this.#header.subarray(0, 4)));
    if (named && size <= this.#left) this.#frame = size;
    else this.#place = 'blind';
    this.#header = new Uint8Array(0);
    return count;
  }
}

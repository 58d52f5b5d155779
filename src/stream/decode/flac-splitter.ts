import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import { type FlacFrameHeader, flacFrameHeader, MAX_HEADER_BYTES, nextCrc16 } from './flac-frame.ts';

/** One frame whose CRC is right. */
export interface FlacFrame extends FlacFrameHeader {
  readonly bytes: Uint8Array;
  /** Whether bytes just before it belong to no frame. */
  readonly afterDamage: boolean;
}

/**
 * Cuts a stream of FLAC frames. A frame does not state its length: it ends where the next one starts and its CRC is
 * right. After the last frame there can be tags (ID3v1, APEv2, Lyrics3) and padding, so there the CRC alone decides.
 */
export class FlacSplitter {
  readonly #buffer = new ByteBuffer();
  /** Header of the frame at the start of the buffer. */
  #header: FlacFrameHeader | undefined;
  /** Bytes of that frame that were searched for its end, and their CRC. */
  #searched = 0;
  #crc = 0;
  /** Where the frame may end, by its CRC, and where the next one may start after damage; 0 if nowhere yet. */
  #end = 0;
  #next = 0;
  #damaged = false;
  #unfinished = false;

  /** After `end`: whether the last frame was cut or damaged. */
  get unfinished(): boolean {
    return this.#unfinished;
  }

  /** From where on the bytes are another FLAC stream, which begins with its own header; undefined if there is none. */
  rest: Uint8Array | undefined;

  push(bytes: Uint8Array): FlacFrame[] {
    this.#buffer.push(bytes);
    return this.#cut(false);
  }

  /** The frames that are left after the last byte. */
  end(): FlacFrame[] {
    return this.#cut(true);
  }

  #cut(atEnd: boolean): FlacFrame[] {
    const frames: FlacFrame[] = [];
    while (this.rest === undefined) {
      const bytes = this.#buffer.peek(this.#buffer.length)!;
      const limit = atEnd ? bytes.length : bytes.length - MAX_HEADER_BYTES;
      if (!this.#header) {
        if (this.#findStart(bytes, limit)) continue;
        break;
      }
      const longest = this.#header.blockSize * this.#header.channels * 4 + 64;
      const complete = this.#findEnd(bytes, Math.min(limit, longest));
      if (!complete && !atEnd && limit < longest) break;
      if (!complete && atEnd && this.#end === 0) this.#unfinished = true;
      const end = this.#end;
      if (end > 0) {
        frames.push({ ...this.#header, bytes: bytes.subarray(0, end), afterDamage: this.#damaged });
        this.#damaged = false;
      }
      const next = complete ? end : this.#next || Math.min(bytes.length, this.#searched);
      // Bytes between two frames; if no frame follows them, they are a tag.
      if (!complete) this.#damaged = true;
      this.#buffer.take(next);
      this.#header = undefined;
    }
    return frames;
  }

  /** Drops what comes before the next frame. Returns whether there is one. */
  #findStart(bytes: Uint8Array, limit: number): boolean {
    for (let at = 0; at < limit; at++) {
      if (this.#startsAnew(bytes, at)) return false;
      const header = bytes[at] === 0xff ? flacFrameHeader(bytes, at) : undefined;
      if (!header) continue;
      if (at > 0) this.#damaged = true;
      this.#buffer.take(at);
      this.#header = header;
      [this.#searched, this.#crc, this.#end, this.#next] = [0, 0, 0, 0];
      return true;
    }
    if (limit > 0) {
      this.#damaged = true;
      this.#buffer.take(limit);
    }
    return false;
  }

  /** Searches on to `limit`. Returns whether the frame is followed by another or by the start of a new stream. */
  #findEnd(bytes: Uint8Array, limit: number): boolean {
    // Local, because this is done for each byte.
    let crc = this.#crc;
    for (let at = this.#searched; at < limit; at++) {
      const byte = bytes[at]!;
      const mayEnd = crc === 0 && at > 0;
      if (mayEnd && this.#next === 0) this.#end = at;
      // What looks like a header may also be within the frame, whose end is then still to come.
      if (byte === 0xff && at > 0 && (mayEnd || this.#next === 0) && flacFrameHeader(bytes, at)) {
        if (mayEnd) {
          this.#end = at;
          return true;
        }
        this.#next = at;
      }
      if (mayEnd && byte === 0x66 && fourCc4(bytes, at) === 'fLaC') return true;
      crc = nextCrc16(crc, byte);
    }
    this.#crc = crc;
    this.#searched = Math.max(this.#searched, limit);
    if (this.#crc === 0 && this.#searched > 0 && this.#next === 0) this.#end = this.#searched;
    return false;
  }

  #startsAnew(bytes: Uint8Array, at: number): boolean {
    if (bytes[at] !== 0x66 || fourCc4(bytes, at) !== 'fLaC') return false;
    this.#buffer.take(at);
    this.rest = this.#buffer.take(this.#buffer.length);
    return true;
  }
}

function fourCc4(bytes: Uint8Array, at: number): string {
  return at + 4 <= bytes.length ? fourCc(bytes, at) : '';
}

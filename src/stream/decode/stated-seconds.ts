import { ByteBuffer } from '../../util/bytes.ts';
import { type Decoded, type Decoder, secondsOf } from './decoder.ts';

/** Share of the stated length that has to be decoded; codecs trim their delay, and writers round. */
const ENOUGH = 0.95;

/** Seconds that the first bytes of a recording state; undefined if they do not. */
export type ReadSeconds = (head: Uint8Array) => number | undefined;

/** The properties of WebM, Matroska and WMA lie within these. */
const HEAD_BYTES = 4096;

/**
 * Counts the decoded seconds of a format whose codec skips damaged frames without an error, and reports the recording
 * as truncated if they are fewer than it states.
 */
export class StatedSeconds implements Decoder {
  readonly #codec: Decoder;
  readonly #read: ReadSeconds;
  readonly #head = new ByteBuffer();
  #seconds = 0;

  constructor(codec: Decoder, read: ReadSeconds) {
    this.#codec = codec;
    this.#read = read;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    if (this.#head.length < HEAD_BYTES) this.#head.push(bytes.slice(0, HEAD_BYTES));
    return this.#count(await this.#codec.decode(bytes));
  }

  async flush(): Promise<Decoded> {
    return this.#count(await this.#codec.flush());
  }

  get truncated(): boolean {
    const stated = this.#read(this.#head.peek(this.#head.length)!);
    return this.#codec.truncated || isShort(this.#seconds, stated);
  }

  free(): void {
    this.#codec.free();
  }

  #count(decoded: Decoded): Decoded {
    this.#seconds += secondsOf(decoded);
    return decoded;
  }
}

/** Whether that many seconds are fewer than a recording states. */
export function isShort(seconds: number, stated: number | undefined): boolean {
  return stated !== undefined && seconds < ENOUGH * stated - 0.1;
}

/**
 * The duration in the segment information (RFC 9559, 5.1.2), for recordings without pictures: those may be longer than
 * their sound.
 */
export function matroskaSeconds(head: Uint8Array): number | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const isVideo = bytes.includes(Buffer.from([0x83, 0x81, 0x01])); // TrackType
  const duration = bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])); // a float of 8 bytes
  if (isVideo || duration < 0 || duration + 11 > bytes.length) return undefined;
  const scale = bytes.indexOf(Buffer.from([0x2a, 0xd7, 0xb1, 0x83])); // TimestampScale of 3 bytes
  const nanoseconds = scale < 0 || scale + 7 > bytes.length ? 1e6 : bytes.readUIntBE(scale + 4, 3);
  return bytes.readDoubleBE(duration + 3) * nanoseconds * 1e-9;
}

/** File Properties Object of ASF ("Advanced Systems Format Specification", 3.2). */
const FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');

/** The play duration less the preroll; undefined for a broadcast. */
export function asfSeconds(head: Uint8Array): number | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const at = bytes.indexOf(FILE_PROPERTIES);
  if (at < 0 || at + 92 > bytes.length || (bytes[at + 88]! & 1) === 1) return undefined;
  return Number(bytes.readBigUInt64LE(at + 64)) * 1e-7 - Number(bytes.readBigUInt64LE(at + 80)) * 1e-3;
}

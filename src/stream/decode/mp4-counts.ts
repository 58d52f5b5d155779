import { UserError } from '../../user-error.ts';
import { concatBytes, fourCc } from '../../util/bytes.ts';
import { type Decoded, type Decoder, secondsOf } from './decoder.ts';
import { soundSeconds } from './mp4-seconds.ts';
import { isShort } from './stated-seconds.ts';

/** An index of a day of audio has about 40 MB. */
const MAX_INDEX_BYTES = 256 * 2 ** 20;
/** Samples of one size need no entries, so only memory limits them: `@audio/decode-mp4` makes an array of all. */
const MAX_EQUAL_SAMPLES = { stsz: 2 ** 26, trun: 2 ** 22 };
const HEAD_BYTES = 16;

/** Tables of ISO/IEC 14496-12: where their count is, after the four letters, and the bytes of an entry at least. */
const TABLES: Readonly<Record<string, { readonly countAt: number; readonly entryBytes: number }>> = {
  stsz: { countAt: 12, entryBytes: 4 },
  stco: { countAt: 8, entryBytes: 4 },
  co64: { countAt: 8, entryBytes: 8 },
  stsc: { countAt: 8, entryBytes: 12 },
  stts: { countAt: 8, entryBytes: 8 },
  elst: { countAt: 8, entryBytes: 12 },
  stsd: { countAt: 8, entryBytes: 16 },
  trun: { countAt: 8, entryBytes: 4 },
};

/**
 * MP4, M4A and MOV with the counts of their tables limited to what their index (`moov`, `moof`) has room for.
 * `@audio/decode-mp4` believes them: one damaged byte makes it loop four billion times, or ends the process for lack
 * of memory. It also skips damaged frames without an error, so the decoded seconds are compared with those of the index.
 */
export class Mp4Counts implements Decoder {
  readonly #codec: Decoder;
  /** The start of a box, or all of an index. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Bytes that complete what is held: a box's head, then its index. */
  #needed = HEAD_BYTES;
  /** Bytes of the current box that are passed on as they are. */
  #passing = 0;
  #passedBytes = 0;
  #equalSamples = 0;
  /** Seconds decoded, and those that the index states. */
  #seconds = 0;
  #stated: number | undefined;

  constructor(codec: Decoder) {
    this.#codec = codec;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const decoded: Decoded[number][] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.#passing > 0) {
        const part = bytes.subarray(at, at + this.#passing);
        this.#passing -= part.length;
        at += part.length;
        decoded.push(...(await this.#pass(part)));
        continue;
      }
      const part = bytes.slice(at, at + this.#needed - this.#heldBytes);
      at += part.length;
      this.#held.push(part);
      this.#heldBytes += part.length;
      if (this.#heldBytes === this.#needed) decoded.push(...(await this.#passHeld()));
    }
    return decoded;
  }

  async flush(): Promise<Decoded> {
    const rest = this.#heldBytes > 0 ? await this.#pass(this.#take()) : [];
    const last = await this.#codec.flush();
    this.#seconds += secondsOf(last);
    return [...rest, ...last];
  }

  get truncated(): boolean {
    return this.#codec.truncated || isShort(this.#seconds, this.#stated);
  }

  free(): void {
    this.#codec.free();
  }

  async #pass(bytes: Uint8Array): Promise<Decoded> {
    this.#passedBytes += bytes.length;
    const decoded = await this.#codec.decode(bytes);
    this.#seconds += secondsOf(decoded);
    return decoded;
  }

  /** Fragments are read one by one, and each sample has at least a byte. */
  #checkEqual(count: number): void {
    this.#equalSamples += count;
    if (this.#equalSamples > MAX_EQUAL_SAMPLES.trun + this.#passedBytes) throw tooMany(count);
  }

  async #passHeld(): Promise<Decoded> {
    const held = this.#take();
    const size = boxBytes(held);
    const isIndex = ['moov', 'moof'].includes(fourCc(held, 4));
    if (isIndex && size > MAX_INDEX_BYTES)
      throw new UserError(
        'bad-audio',
        'The MP4 file is damaged: its index is larger than any recording needs.',
      );
    if (isIndex && size > held.length) {
      this.#held = [held];
      this.#heldBytes = held.length;
      this.#needed = size;
      return [];
    }
    this.#needed = HEAD_BYTES;
    // A head may reach into the next box, or, of a small box, beyond it: those bytes come again.
    const own = held.subarray(0, Math.min(size, held.length));
    this.#passing = size - own.length;
    if (isIndex) this.#checkEqual(limitCounts(own));
    if (fourCc(own, 4) === 'moov') this.#stated = soundSeconds(own.subarray(8));
    const decoded = await this.#pass(own);
    return own.length < held.length
      ? [...decoded, ...(await this.decode(held.subarray(own.length)))]
      : decoded;
  }

  #take(): Uint8Array {
    const held = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return concatBytes(held, new Uint8Array(0));
  }
}

/** Bytes of the box that starts with `head`; Infinity for one to the end, and for what is no box. */
function boxBytes(head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const short = view.getUint32(0);
  const size = short === 1 ? Number(view.getBigUint64(8)) : short;
  return size >= 8 ? size : Number.POSITIVE_INFINITY;
}

/**
 * Limits the counts in place. The tables are found by their letters, so that damaged boxes hide none.
 *
 * @returns the count of samples of a fragment that need no entries, because all are of one size
 */
function limitCounts(index: Uint8Array): number {
  let equal = 0;
  const view = new DataView(index.buffer, index.byteOffset, index.length);
  for (let at = 0; at + HEAD_BYTES <= index.length; at++) {
    // All of them begin with s, c, e or t.
    const letter = index[at]!;
    if (letter !== 0x73 && letter !== 0x63 && letter !== 0x65 && letter !== 0x74) continue;
    const name = fourCc(index, at);
    const table = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined;
    if (!table) continue;
    const countAt = at + table.countAt;
    const count = view.getUint32(countAt);
    if (name === 'stsz' && view.getUint32(at + 8) > 0) {
      if (count > MAX_EQUAL_SAMPLES.stsz) throw tooMany(count);
      continue;
    }
    // No fields for each sample.
    if (name === 'trun' && (view.getUint32(at + 4) & 0xf00) === 0) {
      equal += count;
      continue;
    }
    const most = Math.floor((index.length - countAt - 4) / table.entryBytes);
    if (count > most) view.setUint32(countAt, Math.max(0, most));
  }
  return equal;
}

function tooMany(count: number): UserError {
  return new UserError(
    'bad-audio',
    `The MP4 or MOV file is damaged or too long: its index lists ${count} samples of one size at once; convert it to WAV or FLAC.`,
  );
}

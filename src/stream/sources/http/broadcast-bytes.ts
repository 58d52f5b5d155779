import { concatBytes } from '../../../util/bytes.ts';

/** Preparing the bytes of a broadcast for a decoder. */

/**
 * The bytes of audio between the titles, from `icy-metaint`. Some servers send the header twice, which Node joins.
 *
 * @returns undefined for a value that is no such number: the bytes are then audio only
 */
export function icyInterval(header: string | undefined): number | undefined {
  const [first = ''] = (header ?? '').split(',');
  return /^\s*[1-9]\d{0,8}\s*$/.test(first) ? Number(first) : undefined;
}

/** Such as `StreamTitle='…';`, filled up with NULs. */
const TITLE = /^\s*[a-z_]\w*=/i;

/**
 * Removes the metadata blocks of the ICY protocol, which some servers send unrequested: after every `interval` bytes of
 * audio, one byte with a count, then 16 times as many bytes of titles.
 *
 * A header may be wrong, as when a proxy removes the blocks and keeps it. So the first block with a title must look like
 * one; otherwise the rest is audio only, and nothing but counts of 0 before it was removed.
 */
export async function* stripIcyMetadata(
  bytes: AsyncIterable<Uint8Array>,
  interval: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let audioLeft = interval;
  let titleLeft = 0;
  let verified = false;
  /** The first block, from its count on. */
  let first = new Uint8Array(0);
  for await (const piece of bytes) {
    let at = 0;
    while (at < piece.length) {
      if (titleLeft > 0) {
        const title = piece.subarray(at, at + titleLeft);
        titleLeft -= title.length;
        at += title.length;
        if (verified) continue;
        first = concatBytes(first, title);
        if (titleLeft > 0) continue;
        verified = TITLE.test(Buffer.from(first.buffer, 1).toString('latin1'));
        if (verified) continue;
        yield first;
        audioLeft = Number.POSITIVE_INFINITY;
      } else if (audioLeft > 0) {
        const audio = piece.subarray(at, at + audioLeft);
        audioLeft -= audio.length;
        at += audio.length;
        yield audio;
      } else {
        titleLeft = piece[at]! * 16;
        audioLeft = interval;
        if (!verified && titleLeft > 0) first = piece.slice(at, at + 1);
        at++;
      }
    }
  }
}

/** This many frames must follow one another: bytes may look like a header by chance. */
const MIN_FRAMES = 3;
const MAX_SEARCH_BYTES = 64 * 1024;

/**
 * Skips the bytes before the first whole frame of MP3 or AAC: a client may join a broadcast in the middle of a frame,
 * and the format cannot be detected from there. Bytes without frames pass unchanged.
 */
export async function* skipToFirstFrame(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of bytes) {
    if (!held) {
      yield piece;
      continue;
    }
    held = Buffer.concat([held, piece]);
    const at = findFirstFrame(held);
    if (at === undefined && held.length < MAX_SEARCH_BYTES) continue;
    yield held.subarray(at ?? 0);
    held = undefined;
  }
  if (held && held.length > 0) yield held;
}

/** The index of the first of `MIN_FRAMES` consecutive frames. */
export function findFirstFrame(bytes: Uint8Array): number | undefined {
  for (let start = 0; start + 8 < bytes.length; start++) {
    let at = start;
    let frames = 0;
    while (frames < MIN_FRAMES) {
      const length = at + 8 <= bytes.length ? (adtsLength(bytes, at) ?? mpegLength(bytes, at)) : undefined;
      if (length === undefined) break;
      at += length;
      frames++;
    }
    if (frames === MIN_FRAMES) return start;
  }
  return undefined;
}

const KBPS = {
  v1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  v2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const RATES_HZ = [44_100, 48_000, 32_000];

/** Length in bytes of the MPEG-1/2/2.5 layer III frame at `at`; undefined if there is none. */
function mpegLength(bytes: Uint8Array, at: number): number | undefined {
  const [a, b, c] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
  const version = (b >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  if (a !== 0xff || (b & 0xe0) !== 0xe0 || version === 1 || ((b >> 1) & 3) !== 1) return undefined;
  const kbps = (version === 3 ? KBPS.v1 : KBPS.v2)[c >> 4];
  const rateHz = RATES_HZ[(c >> 2) & 3];
  if (!kbps || !rateHz) return undefined;
  const halvings = version === 3 ? 1 : version === 2 ? 2 : 4;
  const samplesPerByte = version === 3 ? 144 : 72;
  return Math.floor((samplesPerByte * kbps * 1000) / (rateHz / halvings)) + ((c >> 1) & 1);
}

/** Length in bytes of the ADTS frame at `at`; undefined if there is none. */
function adtsLength(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return undefined;
  const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  return length > 8 && ((bytes[at + 2]! >> 2) & 15) < 13 ? length : undefined;
}

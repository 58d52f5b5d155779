import type { TrackTitle } from '../../../types.ts';
import { concatBytes } from '../../../util/bytes.ts';
import { icyTitle } from '../../track-title.ts';

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
 * Removes the metadata blocks of the ICY protocol: after every `interval` bytes of audio, one byte with a count, then 16
 * times as many bytes of titles. `onTitle` is called when all bytes before the block have been pulled, and none after it.
 *
 * A header may be wrong, as when a proxy removes the blocks and keeps it. So the first block with a title must look like
 * one; otherwise the rest is audio only, and nothing but counts of 0 before it was removed.
 */
export async function* stripIcyMetadata(
  bytes: AsyncIterable<Uint8Array>,
  interval: number,
  onTitle: (track: TrackTitle | undefined) => void = () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  let audioLeft = interval;
  let titleLeft = 0;
  let verified = false;
  /** The current block, from its count on. */
  let block = new Uint8Array(0);
  for await (const piece of bytes) {
    let at = 0;
    while (at < piece.length) {
      if (titleLeft > 0) {
        const title = piece.subarray(at, at + titleLeft);
        titleLeft -= title.length;
        at += title.length;
        block = concatBytes(block, title);
        if (titleLeft > 0) continue;
        verified ||= TITLE.test(Buffer.from(block.buffer, 1).toString('latin1'));
        if (verified) {
          onTitle(icyTitle(block.subarray(1)));
          continue;
        }
        yield block;
        audioLeft = Number.POSITIVE_INFINITY;
      } else if (audioLeft > 0) {
        const audio = piece.subarray(at, at + audioLeft);
        audioLeft -= audio.length;
        at += audio.length;
        yield audio;
      } else {
        titleLeft = piece[at]! * 16;
        audioLeft = interval;
        if (titleLeft > 0) block = piece.slice(at, at + 1);
        at++;
      }
    }
  }
}

import type { TrackTitle } from '../../types.ts';
import { fourCc } from '../../util/bytes.ts';
import { decodeTitle, trackTitle } from '../track-title.ts';
import { id3v2Bytes } from './tags.ts';

const HEADER_BYTES = 10;

/**
 * The title and artist (`TIT2`, `TPE1`) in the ID3v2.3 or 2.4 tag at the start of `bytes` (https://id3.org); undefined if
 * there is no tag with a title.
 */
export function id3Title(bytes: Uint8Array): TrackTitle | undefined {
  const end = Math.min(id3v2Bytes(bytes), bytes.length);
  const version = bytes[3];
  if (end === 0 || (version !== 3 && version !== 4)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  const texts: Record<string, string> = {};
  for (let at = HEADER_BYTES; at + HEADER_BYTES <= end; ) {
    const name = fourCc(bytes, at);
    const size = version === 4 ? syncSafe(view, at + 4) : view.getUint32(at + 4);
    at += HEADER_BYTES;
    if (size === 0 || at + size > end) break;
    if (name === 'TIT2' || name === 'TPE1') texts[name] = textOf(bytes.subarray(at, at + size));
    at += size;
  }
  return texts.TIT2 === undefined ? undefined : trackTitle(texts.TIT2, texts.TPE1);
}

/** Seven bits per byte. */
const syncSafe = (view: DataView, at: number): number =>
  (view.getUint8(at) << 21) |
  (view.getUint8(at + 1) << 14) |
  (view.getUint8(at + 2) << 7) |
  view.getUint8(at + 3);

/** Names of the encodings 1 and 2 for TextDecoder; 0 is called Latin-1, but is often something else. */
const UTF_16 = ['utf-16le', 'utf-16be'];

function textOf(frame: Uint8Array): string {
  const [encoding = 0, a, b] = frame;
  const text = frame.subarray(1);
  if (encoding === 0 || encoding === 3) return decodeTitle(text);
  const isBigEndian = encoding === 2 || (a === 0xfe && b === 0xff);
  return new TextDecoder(UTF_16[isBigEndian ? 1 : 0]).decode(text);
}

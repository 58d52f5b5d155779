import type { TrackTitle } from '../../types.ts';
import { fourCc } from '../../util/bytes.ts';
import { decodeTitle, trackTitle } from '../track-title.ts';
import { id3v2Bytes } from './tags.ts';

const HEADER_BYTES = 10;

interface Layout {
  /** Of the title and of the artist. */
  readonly names: readonly [string, string];
  /** Of a frame's header, which begins with the name and the size. */
  readonly headerBytes: number;
  readonly sizeAt: (view: DataView, at: number) => number;
}

/** How each version writes its frames. */
const LAYOUTS: Readonly<Record<number, Layout>> = {
  2: {
    names: ['TT2', 'TP1'],
    headerBytes: 6,
    sizeAt: (view, at) => (view.getUint8(at) << 16) | view.getUint16(at + 1),
  },
  3: { names: ['TIT2', 'TPE1'], headerBytes: 10, sizeAt: (view, at) => view.getUint32(at) },
  4: { names: ['TIT2', 'TPE1'], headerBytes: 10, sizeAt: syncSafe },
};

/**
 * The title and artist in the ID3v2 tag at the start of `bytes` (https://id3.org); undefined if there is no tag with a
 * title.
 */
export function id3Title(bytes: Uint8Array): TrackTitle | undefined {
  const end = Math.min(id3v2Bytes(bytes), bytes.length);
  const layout = LAYOUTS[bytes[3]!];
  if (end === 0 || layout === undefined) return undefined;
  const { names, headerBytes, sizeAt } = layout;
  const nameBytes = names[0].length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  const texts: Record<string, string> = {};
  for (let at = HEADER_BYTES; at + headerBytes <= end; ) {
    const name = fourCc(bytes, at).slice(0, nameBytes);
    const size = sizeAt(view, at + nameBytes);
    at += headerBytes;
    if (size === 0 || at + size > end) break;
    if (names.includes(name)) texts[name] = textOf(bytes.subarray(at, at + size));
    at += size;
  }
  const [title, artist] = names.map((name) => texts[name]);
  return title === undefined ? undefined : trackTitle(title, artist);
}

/** Seven bits per byte. */
function syncSafe(view: DataView, at: number): number {
  const [a, b] = [view.getUint8(at), view.getUint8(at + 1)];
  return (a << 21) | (b << 14) | (view.getUint8(at + 2) << 7) | view.getUint8(at + 3);
}

/** Names of the encodings 1 and 2 for TextDecoder; 0 is called Latin-1, but is often something else. */
const UTF_16 = ['utf-16le', 'utf-16be'];

function textOf(frame: Uint8Array): string {
  const [encoding = 0, a, b] = frame;
  const text = frame.subarray(1);
  if (encoding === 0 || encoding === 3) return decodeTitle(text);
  const isBigEndian = encoding === 2 || (a === 0xfe && b === 0xff);
  return new TextDecoder(UTF_16[isBigEndian ? 1 : 0]).decode(text);
}

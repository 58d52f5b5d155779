import type { TrackTitle } from '../../types.ts';
import { concatBytes, hasText } from '../../util/bytes.ts';
import { NO_TITLE, trackTitle } from '../track-title.ts';

/** Tags beyond these bytes are ignored; they are pictures. */
const MAX_BYTES = 64 * 1024;

/** The starts of the packets that contain comments, in Vorbis and Opus. FLAC has metadata blocks instead. */
const MAGICS = ['\x03vorbis', 'OpusTags'];

/**
 * The title in the headers of one logical Ogg stream, in Vorbis comments
 * (https://xiph.org/vorbis/doc/v-comment.html). Stations that play Ogg begin a new stream with each track.
 *
 * @param pages the pages before the first audio, without their own headers: their bodies are the packets
 */
export function oggTitle(pages: readonly Uint8Array[]): TrackTitle {
  let bytes = new Uint8Array(0);
  for (const page of pages) if (bytes.length < MAX_BYTES) bytes = concatBytes(bytes, page);
  const at = commentsAt(bytes);
  if (at === undefined) return NO_TITLE;
  const comments = readComments(bytes, at);
  return trackTitle(comments.get('title') ?? '', comments.get('artist'));
}

function commentsAt(bytes: Uint8Array): number | undefined {
  if (hasText(bytes, 0, '\x7fFLAC')) return flacCommentsAt(bytes);
  for (const magic of MAGICS)
    for (let at = 0; at + magic.length <= bytes.length; at++)
      if (hasText(bytes, at, magic)) return at + magic.length;
  return undefined;
}

/** FLAC in Ogg: 13 bytes, then metadata blocks: type, length in three bytes, content. Type 4 has the comments. */
function flacCommentsAt(bytes: Uint8Array): number | undefined {
  for (let at = 13; at + 4 <= bytes.length; ) {
    const type = bytes[at]! & 0x7f;
    if (type === 4) return at + 4;
    at += 4 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return undefined;
}

/** By lower-case name, several values joined; as many as the bytes hold. */
function readComments(bytes: Uint8Array, at: number): Map<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const comments = new Map<string, string>();
  let next = at;
  const readText = (): string | undefined => {
    if (next + 4 > bytes.length) return undefined;
    const length = view.getUint32(next, true);
    next += 4 + length;
    return next > bytes.length ? undefined : new TextDecoder().decode(bytes.subarray(next - length, next));
  };
  if (readText() === undefined || next + 4 > bytes.length) return comments; // The name of the encoder.
  const count = view.getUint32(next, true);
  next += 4;
  for (let i = 0; i < count; i++) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(readText() ?? '') ?? [];
    if (name === undefined) return comments;
    const known = comments.get(name.toLowerCase());
    comments.set(name.toLowerCase(), known === undefined ? value! : `${known}, ${value}`);
  }
  return comments;
}

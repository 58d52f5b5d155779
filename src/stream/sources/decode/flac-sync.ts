/** No frame header of FLAC is longer. */
const MAX_HEADER_BYTES = 16;

/**
 * The FLAC codec misses a frame whose header is cut by the end of a piece, and with it 0.1 s of audio
 * (`@audio/decode-flac` 1.3.5). So whatever might begin a header in the last bytes waits for the next piece.
 *
 * @param held what waited since the piece before
 */
export function holdBackSync(
  held: Uint8Array,
  piece: Uint8Array,
): { readonly ready: Uint8Array; readonly held: Uint8Array } {
  const bytes = new Uint8Array(held.length + piece.length);
  bytes.set(held);
  bytes.set(piece, held.length);
  for (let i = Math.max(0, bytes.length - MAX_HEADER_BYTES); i < bytes.length; i++) {
    const next = bytes[i + 1];
    if (bytes[i] === 0xff && (next === undefined || (next & 0xfe) === 0xf8)) {
      return { ready: bytes.subarray(0, i), held: bytes.slice(i) };
    }
  }
  return { ready: bytes, held: new Uint8Array(0) };
}

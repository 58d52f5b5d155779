import { concatBytes } from '../../util/bytes.ts';

const HEADER_BYTES = 10;

/**
 * Skips the ID3v2 tags at the start of a recording: a cover picture in them can be larger than the head from which
 * the format is detected.
 */
export async function* skipId3(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let head = new Uint8Array(0);
  let skip = 0;
  let searching = true;
  for await (const piece of bytes) {
    if (!searching) {
      yield piece;
      continue;
    }
    let rest = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - rest.length;
    if (rest.length === 0) continue;
    rest = concatBytes(head, rest);
    for (;;) {
      const tag = rest.length < HEADER_BYTES ? undefined : tagBytes(rest);
      if (!tag) break;
      skip = Math.max(0, tag - rest.length);
      rest = rest.subarray(Math.min(tag, rest.length));
    }
    if (rest.length < HEADER_BYTES) {
      head = rest.slice();
      continue;
    }
    searching = false;
    head = new Uint8Array(0);
    yield rest;
  }
  if (head.length > 0) yield head;
}

/** Length of the tag at the start of `head`, with its header and footer; 0 if there is no tag. */
function tagBytes(head: Uint8Array): number {
  if (head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33) return 0;
  // Seven bits per byte; bit 4 of the flags announces a footer.
  const size = (head[6]! << 21) | (head[7]! << 14) | (head[8]! << 7) | head[9]!;
  return HEADER_BYTES + size + (head[5]! & 0x10 ? 10 : 0);
}

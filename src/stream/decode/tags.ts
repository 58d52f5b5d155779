import { fourCc } from '../../util/bytes.ts';

const ID3V2_HEADER_BYTES = 10;
const APE_HEADER_BYTES = 32;

/** Length of the tag (ID3v2, ID3v1, APEv2) that starts with `head`; 0 if none does. The head may end within it. */
export function tagBytes(head: Uint8Array): number {
  if (head.length < ID3V2_HEADER_BYTES) return 0;
  const name = fourCc(head, 0);
  if (name.startsWith('ID3')) return id3v2Bytes(head);
  if (name.startsWith('TAG')) return 128;
  if (name !== 'APET' || head.length < APE_HEADER_BYTES || fourCc(head, 4) !== 'AGEX') return 0;
  const view = new DataView(head.buffer, head.byteOffset, APE_HEADER_BYTES);
  // The size counts the items and the footer, which has the form of the header.
  const isHeader = (view.getUint32(20, true) & 0x2000_0000) !== 0;
  return APE_HEADER_BYTES + (isHeader ? view.getUint32(12, true) : 0);
}

/** Length of the ID3v2 tag at the start of `head` with its header and footer; 0 if there is none. */
export function id3v2Bytes(head: Uint8Array): number {
  if (head.length < ID3V2_HEADER_BYTES || !fourCc(head, 0).startsWith('ID3')) return 0;
  // Seven bits per byte; bit 4 of the flags announces a footer.
  const sizes = head.subarray(6, 10);
  if (sizes.some((byte) => byte >= 0x80)) return 0;
  const size = (head[6]! << 21) | (head[7]! << 14) | (head[8]! << 7) | head[9]!;
  return ID3V2_HEADER_BYTES + size + (head[5]! & 0x10 ? 10 : 0);
}

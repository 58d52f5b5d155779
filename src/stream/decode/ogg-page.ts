import { ByteBuffer, fourCc } from '../../util/bytes.ts';

/** One page of an Ogg stream (RFC 3533) whose checksum is right. */
export interface OggPage {
  readonly bytes: Uint8Array;
  /** Where its packets start in `bytes`. */
  readonly bodyAt: number;
  /** It begins a logical stream; its packet names the codec. */
  readonly begins: boolean;
  /** Its first packet began on the page before. */
  readonly continued: boolean;
  readonly serial: number;
  /** Position at the end of the page's last whole packet, in the codec's units; -1 if no packet ends on it. */
  readonly granule: number;
  readonly sequence: number;
}

const HEADER_BYTES = 27;
/** The longest page: 255 segments of 255 bytes. */
const MAX_PAGE_BYTES = HEADER_BYTES + 255 * 256;

/** Cuts bytes into pages. Pages with a wrong checksum, and bytes between pages, are dropped. */
export class OggPages {
  readonly #buffer = new ByteBuffer();
  #dropped = 0;

  /** Bytes that belong to no page so far, at the end of the input those of an incomplete page. */
  get pending(): number {
    return this.#buffer.length;
  }

  /** Bytes that were dropped since the last page. */
  get dropped(): number {
    return this.#dropped;
  }

  push(bytes: Uint8Array): OggPage[] {
    this.#buffer.push(bytes);
    const pages: OggPage[] = [];
    for (;;) {
      const head = this.#buffer.peek(this.#buffer.length)!;
      const start = findPage(head);
      if (start > 0) {
        this.#drop(start);
        continue;
      }
      const length = pageBytes(head);
      if (length === undefined || length > head.length) return pages;
      const page = head.subarray(0, length);
      if (checksum(page) === new DataView(page.buffer, page.byteOffset).getUint32(22, true)) {
        pages.push(parsePage(page.slice()));
        this.#dropped = 0;
        this.#buffer.take(length);
      } else {
        this.#drop(1);
      }
    }
  }

  #drop(bytes: number): void {
    this.#dropped += bytes;
    this.#buffer.skip(bytes);
  }
}

/** The index at which a page may start: 0 if one starts there or if too little is known. */
function findPage(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x4f) continue;
    const rest = bytes.length - at;
    if (rest < 6) return at; // The rest of the name may follow.
    if (fourCc(bytes, at) === 'OggS' && bytes[at + 4] === 0 && bytes[at + 5]! < 8) return at;
  }
  return bytes.length;
}

function pageBytes(head: Uint8Array): number | undefined {
  const segments = head[26];
  if (segments === undefined || head.length < HEADER_BYTES + segments) return undefined;
  let bytes = HEADER_BYTES + segments;
  for (let i = 0; i < segments; i++) bytes += head[HEADER_BYTES + i]!;
  return Math.min(bytes, MAX_PAGE_BYTES);
}

function parsePage(bytes: Uint8Array): OggPage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    bytes,
    bodyAt: HEADER_BYTES + bytes[26]!,
    begins: (bytes[5]! & 2) !== 0,
    continued: (bytes[5]! & 1) !== 0,
    serial: view.getUint32(14, true),
    granule: Number(view.getBigInt64(6, true)),
    sequence: view.getUint32(18, true),
  };
}

/** Polynomial 0x04c11db7, most significant bit first, by byte. */
const CRC32 = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc;
});

/** The checksum of a page, with its own field taken as 0. */
export function checksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]!;
    crc = (crc << 8) ^ CRC32[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
}

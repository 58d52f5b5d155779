import { ByteBuffer } from '../../util/bytes.ts';
import type { ContainerEnd } from './decoder.ts';

/** What the first bytes of a recording state about its length. */
interface Stated {
  /** Samples per channel. */
  readonly frames?: number;
  /** Length of the file. */
  readonly bytes?: number;
}

/** Reads the length of a format out of the recording's first bytes; empty if they do not state it. */
type ReadLength = (head: DataView, bytes: Uint8Array) => Stated;

/** How far the properties of WMA can be from the start, and what all other headers need. */
const HEAD_BYTES = 4096;
const MIN_HEAD_BYTES = 100;

const READERS: Readonly<Record<string, ReadLength>> = {
  wv: wavPack,
  tta: (head) => ({ frames: head.getUint32(14, true) }),
  qoa: (head) => ({ frames: head.getUint32(4) }),
  wma: asf,
  webm: matroska,
  mkv: matroska,
  avi: (head) => ({ bytes: 8 + head.getUint32(4, true) }),
};

/**
 * Compares what was decoded with the length in the first bytes of a recording: WavPack, TTA, QOA, WMA, WebM, Matroska
 * and AVI.
 *
 * @returns undefined for other formats
 */
export function statedLength(type: string): ContainerEnd | undefined {
  const read = READERS[type];
  if (!read) return undefined;
  const head = new ByteBuffer();
  let bytes = 0;
  return {
    push(piece) {
      bytes += piece.length;
      if (head.length < HEAD_BYTES) head.push(piece.slice(0, HEAD_BYTES));
    },
    truncated(frames) {
      const start = head.peek(head.length)!;
      if (start.length < MIN_HEAD_BYTES) return false;
      const stated = read(new DataView(start.buffer, start.byteOffset, start.length), start);
      return frames < (stated.frames ?? 0) || bytes < (stated.bytes ?? 0);
    },
  };
}

/** The header of the first block (WavPack 4 and 5, "WavPack File Format"). */
function wavPack(head: DataView): Stated {
  const frames = head.getUint32(12, true);
  return frames === 0xffff_ffff ? {} : { frames };
}

/** The File Properties Object of ASF ("Advanced Systems Format Specification", 3.2). */
function asf(head: DataView, bytes: Uint8Array): Stated {
  const id = [0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0x00, 0xc0, 0x0c, 0x20, 0x53, 0x65];
  const objectBytes = (at: number) => Number(head.getBigUint64(at + 16, true));
  for (let at = 30; at + 92 <= bytes.length; at += Math.max(24, objectBytes(at))) {
    if (!id.every((byte, i) => bytes[at + i] === byte)) continue;
    const isBroadcast = (head.getUint32(at + 88, true) & 1) === 1;
    return isBroadcast ? {} : { bytes: Number(head.getBigUint64(at + 40, true)) };
  }
  return {};
}

/** The size of the segment (RFC 8794, RFC 9559). Live streams leave it open: all bits set. */
function matroska(head: DataView, bytes: Uint8Array): Stated {
  // EBML header: a four-byte ID and a size; then the segment in the same form.
  const ebml = variableSize(bytes, 4);
  const segment = ebml.end + ebml.size;
  if (!(segment + 12 <= bytes.length) || head.getUint32(segment) !== 0x1853_8067) return {};
  const { size, end } = variableSize(bytes, segment + 4);
  return size === Infinity ? {} : { bytes: end + size };
}

/** A size of 1 to 8 bytes: the number of leading zero bits states how many bytes follow the first. */
function variableSize(bytes: Uint8Array, at: number): { size: number; end: number } {
  const extra = Math.clz32(bytes[at]!) - 24;
  const end = at + 1 + extra;
  let size = bytes[at]! & (0x7f >> extra);
  let open = size === 0x7f >> extra;
  for (let i = at + 1; i < end; i++) {
    size = size * 256 + bytes[i]!;
    open &&= bytes[i] === 0xff;
  }
  return { size: open ? Infinity : size, end };
}

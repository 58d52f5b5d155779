import { ByteBuffer } from '../../util/bytes.ts';
import type { ContainerEnd } from './decoder.ts';

interface Frame {
  readonly bytes: number;
  /** Samples per channel; 0 for a frame that belongs to another. */
  readonly samples: number;
}

/** Reads the header at the start of at least `HEADER_BYTES`; undefined for anything else. */
type ReadFrame = (header: Uint8Array) => Frame | undefined;

const HEADER_BYTES = 8;
/** Share of the samples in the frames that has to be decoded. */
const ENOUGH = 0.95;

const READERS: Readonly<Record<string, ReadFrame>> = { ac3, eac3, dts };

/**
 * Counts the frames of AC-3, E-AC-3 and DTS, whose codecs skip damaged ones without an error, and compares their samples
 * with those that were decoded.
 *
 * @returns undefined for other formats
 */
export function frameCount(type: string): ContainerEnd | undefined {
  const read = READERS[type];
  if (!read) return undefined;
  const buffer = new ByteBuffer();
  let samples = 0;
  /** Bytes of the current frame that are still to come. */
  let left = 0;
  return {
    push(bytes) {
      const rest = bytes.subarray(Math.min(left, bytes.length));
      left -= bytes.length - rest.length;
      if (rest.length === 0) return;
      buffer.push(rest);
      const held = buffer.take(buffer.length);
      let at = 0;
      while (at + HEADER_BYTES <= held.length) {
        const frame = read(held.subarray(at, at + HEADER_BYTES));
        samples += frame?.samples ?? 0;
        at += frame?.bytes ?? 1;
      }
      left = Math.max(0, at - held.length);
      buffer.push(held.slice(Math.min(at, held.length)));
    },
    truncated: (frames) => frames < ENOUGH * samples,
  };
}

const AC3_KBPS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
const AC3_RATES_HZ = [48_000, 44_100, 32_000];

/** ETSI TS 102 366, 4.4.1. */
function ac3(header: Uint8Array): Frame | undefined {
  const rate = AC3_RATES_HZ[header[4]! >> 6];
  const kbps = AC3_KBPS[(header[4]! & 63) >> 1];
  if (header[0] !== 0x0b || header[1] !== 0x77 || !rate || !kbps || header[5]! >> 3 > 10) return undefined;
  const words = Math.floor((kbps * 1000 * 96) / rate) + (rate === 44_100 ? header[4]! & 1 : 0);
  return { bytes: 2 * words, samples: 1536 };
}

/** ETSI TS 102 366, annex E.2.3.1. Dependent and further substreams have the other channels of the same sound. */
function eac3(header: Uint8Array): Frame | undefined {
  if (header[0] !== 0x0b || header[1] !== 0x77 || header[5]! >> 3 <= 10) return undefined;
  const isFirst = header[2]! >> 3 === 0;
  const blocks = header[4]! >> 6 === 3 ? 6 : [1, 2, 3, 6][(header[4]! >> 4) & 3]!;
  return {
    bytes: 2 * ((((header[2]! & 7) << 8) | header[3]!) + 1),
    samples: isFirst ? 256 * blocks : 0,
  };
}

/** ETSI TS 102 114, 5.3: the core, in 16-bit words, big-endian. */
function dts(header: Uint8Array): Frame | undefined {
  if (header[0] !== 0x7f || header[1] !== 0xfe || header[2] !== 0x80 || header[3] !== 0x01) return undefined;
  const blocks = (((header[4]! & 1) << 6) | (header[5]! >> 2)) + 1;
  const bytes = (((header[5]! & 3) << 12) | (header[6]! << 4) | (header[7]! >> 4)) + 1;
  return bytes < 96 ? undefined : { bytes, samples: 32 * blocks };
}

/** Frames of FLAC, by RFC 9639, section 9. */

export interface FlacFrameHeader {
  /** Samples per channel in the frame. */
  readonly blockSize: number;
  /** The frame's number, or with `variable` the number of its first sample. */
  readonly number: number;
  readonly variable: boolean;
  readonly channels: number;
  /** Undefined if only STREAMINFO states it. */
  readonly sampleRateHz: number | undefined;
}

/** The longest header: 4 fixed bytes, 7 of the number, 2 of block size, 2 of sample rate and the CRC. */
export const MAX_HEADER_BYTES = 16;

const SAMPLE_RATES = [
  0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
] as const;

/** The header that starts at byte `at`; undefined if none does, also if the bytes end within it. */
export function flacFrameHeader(bytes: Uint8Array, at: number): FlacFrameHeader | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8 || at + 6 > bytes.length) return undefined;
  const [codes, layout] = [bytes[at + 2]!, bytes[at + 3]!];
  const [blockCode, rateCode, channelCode] = [codes >> 4, codes & 15, layout >> 4];
  if (blockCode === 0 || rateCode === 15 || channelCode > 10 || layout & 1 || ((layout >> 1) & 7) === 3)
    return undefined;
  const coded = codedNumber(bytes, at + 4);
  if (!coded) return undefined;
  let next = coded.next;
  const field = (width: number) => {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + (bytes[next++] ?? 0);
    return value;
  };
  const blockSize = blockCode === 6 ? field(1) + 1 : blockCode === 7 ? field(2) + 1 : knownBlock(blockCode);
  const sampleRateHz =
    rateCode === 12
      ? field(1) * 1000
      : rateCode > 12
        ? field(2) * (rateCode === 14 ? 10 : 1)
        : SAMPLE_RATES[rateCode] || undefined;
  if (next >= bytes.length || crc8(bytes, at, next) !== bytes[next]) return undefined;
  return {
    blockSize,
    number: coded.value,
    variable: (bytes[at + 1]! & 1) === 1,
    channels: channelCode < 8 ? channelCode + 1 : 2,
    sampleRateHz,
  };
}

function knownBlock(code: number): number {
  if (code === 1) return 192;
  return code <= 5 ? 144 << code : 1 << code;
}

/** A number of up to 36 bits, coded as UTF-8 codes characters. */
function codedNumber(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  const first = bytes[at]!;
  const ones = Math.clz32(~(first << 24));
  if (ones === 1 || ones > 7) return undefined;
  let value = ones === 0 ? first : first & (0x7f >> ones);
  const next = at + Math.max(1, ones);
  for (let i = at + 1; i < next; i++) {
    if (i >= bytes.length || (bytes[i]! & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (bytes[i]! & 0x3f);
  }
  return { value, next };
}

/** Polynomial x⁸ + x² + x + 1. */
function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 7) & 0xff : crc << 1;
  }
  return crc;
}

/** Polynomial x¹⁶ + x¹⁵ + x² + 1, by byte. */
const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x8005 : crc << 1;
  return crc;
});

/** The CRC-16 of `from` to `to`, continued from `crc`. Over a whole frame with its footer it is 0. */
export function crc16(bytes: Uint8Array, from: number, to: number, crc = 0): number {
  let sum = crc;
  for (let i = from; i < to; i++) sum = nextCrc16(sum, bytes[i]!);
  return sum;
}

/** The CRC after one more byte. */
export function nextCrc16(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ byte]!;
}

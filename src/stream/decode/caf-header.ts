import { fourCc } from '../../util/bytes.ts';
import { Ima4Decoder } from './ima4.ts';
import { isReadable, PlainSamples, type SampleLayout, type SampleReader } from './plain-samples.ts';
import { UnsupportedCodec } from './unreadable.ts';

/** The `desc` chunk of CAF (Apple, "Apple Core Audio Format Specification 1.0"). */
export interface CafDescription {
  readonly sampleRateHz: number;
  /** `lpcm`, `alac`, `aac `, … */
  readonly format: string;
  /** 0 if packets differ in size: the packet table then states each. */
  readonly packetBytes: number;
  /** Samples per channel and packet; 0 if packets differ. */
  readonly packetSamples: number;
  readonly channels: number;
  readonly bits: number;
  /** Of `lpcm`: 1 for float, 2 for little-endian. */
  readonly flags: number;
}

/** More than any recording has: packets of 65,536 samples, of 255 channels. */
const MAX_CHANNELS = 255;
const MAX_PACKET_BYTES = 2 ** 24;
const MAX_PACKET_SAMPLES = 2 ** 16;

/** @throws Error for values that only damage makes */
export function cafDescription(chunk: Uint8Array): CafDescription {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const description = {
    sampleRateHz: view.getFloat64(0),
    format: fourCc(chunk, 8),
    packetBytes: view.getUint32(16),
    packetSamples: view.getUint32(20),
    channels: view.getUint32(24),
    bits: view.getUint32(28),
    flags: view.getUint32(12),
  };
  const { sampleRateHz, packetBytes, packetSamples, channels } = description;
  const plausible =
    sampleRateHz > 0 &&
    sampleRateHz < Infinity &&
    channels > 0 &&
    channels <= MAX_CHANNELS &&
    packetBytes <= MAX_PACKET_BYTES &&
    packetSamples <= MAX_PACKET_SAMPLES;
  if (!plausible) throw new Error('CAF: damaged description');
  return description;
}

/** Reads PCM, G.711 and IMA 4:1; undefined for other formats. @throws UnsupportedCodec for other sizes of samples */
export function cafReader(description: CafDescription): SampleReader | undefined {
  const { format, channels, packetBytes, packetSamples, bits, flags } = description;
  if (format === 'ima4') return new Ima4Decoder(channels);
  if (format === 'alaw' || format === 'ulaw')
    return new PlainSamples({ channels, encoding: format, bytes: 1, littleEndian: false });
  if (format !== 'lpcm') return undefined;
  // Samples of 17 to 24 bits may take 4 bytes, left-justified.
  const stored = packetSamples === 1 ? packetBytes / channels : 0;
  const layout: SampleLayout = {
    channels,
    encoding: flags & 1 ? 'float' : 'int',
    bytes: Number.isInteger(stored) && stored > 0 ? stored : Math.ceil(bits / 8),
    littleEndian: (flags & 2) !== 0,
  };
  if (!isReadable(layout)) throw new UnsupportedCodec(`${bits}-bit PCM`);
  return new PlainSamples(layout);
}

/** The `pakt` chunk. */
export interface CafPackets {
  /** Bytes of each packet; empty if they are all of the same size. */
  readonly sizes: readonly number[];
  /** Samples per channel that belong to the recording, without those that the encoder added; 0 if not stated. */
  readonly validSamples: number;
  /** Samples per channel that the encoder added before the recording. */
  readonly primingSamples: number;
}

export function cafPackets(chunk: Uint8Array, description: CafDescription): CafPackets {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const count = Number(view.getBigInt64(0));
  const sizes: number[] = [];
  let at = 24;
  // Seven bits per byte, the highest bit set on all bytes but the last.
  const next = () => {
    let value = 0;
    let byte = 0x80;
    for (; byte & 0x80 && at < chunk.length; at++) {
      byte = chunk[at]!;
      value = value * 128 + (byte & 0x7f);
    }
    return value;
  };
  while (description.packetBytes === 0 && sizes.length < count && at < chunk.length) {
    sizes.push(next());
    if (description.packetSamples === 0) next();
  }
  return {
    sizes,
    validSamples: Math.max(0, Number(view.getBigInt64(8))),
    primingSamples: Math.max(0, view.getInt32(16)),
  };
}

/** ALACSpecificConfig, 24 bytes, which may lie in an `alac` atom after a `frma` atom. */
export function alacConfig(cookie: Uint8Array): Uint8Array {
  let at = 0;
  if (cookie.length >= 12 && fourCc(cookie, 4) === 'frma') at = 12;
  if (cookie.length >= at + 12 && fourCc(cookie, at + 4) === 'alac') at += 12;
  const config = cookie.subarray(at, at + 24);
  // The decoder reserves memory for a packet of as many samples as are announced.
  const view = new DataView(config.buffer, config.byteOffset, config.length);
  if (config.length < 24 || view.getUint32(0) > MAX_PACKET_SAMPLES)
    throw new Error('ALAC: damaged configuration');
  return config;
}

/** Rates that an AudioSpecificConfig states by their index. */
const AAC_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

/**
 * AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) of AAC: in an ES descriptor (ISO/IEC 14496-1, 7.2.6), which is the
 * cookie, or the cookie itself, or without a cookie that of AAC-LC.
 */
export function aacConfig(
  cookie: Uint8Array,
  { sampleRateHz, channels }: Pick<CafDescription, 'sampleRateHz' | 'channels'> = {
    sampleRateHz: 0,
    channels: 0,
  },
): Uint8Array {
  if (cookie.length < 2) {
    const rate = AAC_RATES.indexOf(sampleRateHz);
    return rate < 0 ? cookie : Uint8Array.of((2 << 3) | (rate >> 1), ((rate & 1) << 7) | (channels << 3));
  }
  // The tags of ES, decoder configuration and decoder-specific information, with the bytes of fixed fields after each.
  const fixed: Readonly<Record<number, number>> = { 3: 3, 4: 13, 5: 0 };
  if (cookie[0] !== 3) return cookie;
  for (let at = 0; at < cookie.length; ) {
    const tag = cookie[at++]!;
    let length = 0;
    let byte = 0x80;
    for (; byte & 0x80 && at < cookie.length; at++) {
      byte = cookie[at]!;
      length = length * 128 + (byte & 0x7f);
    }
    if (tag === 5) return cookie.subarray(at, at + length);
    at += fixed[tag] ?? length;
  }
  return cookie;
}

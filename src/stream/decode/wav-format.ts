import { UserError } from '../../user-error.ts';
import type { PcmFormat } from '../pcm.ts';
import { UnsupportedCodec } from './unreadable.ts';

/**
 * The `fmt ` chunk of WAV: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (1991);
 * WAVEFORMATEXTENSIBLE since 1999. Recorders often fill it in wrongly, so its fields are checked against each other.
 */
export interface WavFormat {
  /** Format tag with EXTENSIBLE resolved. */
  readonly tag: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Bytes of one stored sample of one channel: 24 bits in 4 bytes are left-justified, so they count as 4. */
  readonly sampleBytes: number;
  /** The body of the chunk, with a right block size, for the codec of compressed WAV. */
  readonly chunk: Uint8Array;
}

const PCM = 1;
const FLOAT = 3;
const A_LAW = 6;
const MU_LAW = 7;
const EXTENSIBLE = 0xfffe;
/** Its `fmt ` chunk ends with the STREAMINFO block. */
export const FLAC = 0xf1ac;

/** @throws UserError `bad-audio` if channels, sample rate or sample size cannot be found out */
export function parseWavFormat(chunk: Uint8Array, littleEndian: boolean): WavFormat {
  if (chunk.length < 14)
    throw new UserError('bad-audio', 'The WAV header is damaged: its format is cut short.');
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const stored = view.getUint16(0, littleEndian);
  const inside = stored === EXTENSIBLE && chunk.length >= 26 ? view.getUint16(24, littleEndian) : stored;
  const tag = inside === EXTENSIBLE || (stored === EXTENSIBLE && inside === 0) ? PCM : inside;
  const channels = view.getUint16(2, littleEndian);
  const sampleRateHz = view.getUint32(4, littleEndian);
  const blockBytes = view.getUint16(12, littleEndian);
  const bits = chunk.length >= 16 ? view.getUint16(14, littleEndian) : 0;
  const sampleBytes = storedBytes({ tag, bits, perBlock: blockBytes / channels });
  if (channels === 0 || sampleRateHz === 0 || sampleBytes === undefined) {
    throw new UserError(
      'bad-audio',
      `The WAV header is damaged: it has ${channels} channels at ${sampleRateHz} Hz, ${bits} bits in blocks of ${blockBytes} bytes.`,
    );
  }
  const fixed = chunk.slice();
  // The codec for other encodings cuts the samples by the block size. ADPCM needs its own, which nothing else states.
  if ([PCM, FLOAT, A_LAW, MU_LAW].includes(tag))
    new DataView(fixed.buffer).setUint16(12, sampleBytes * channels, littleEndian);
  return { tag, channels, sampleRateHz, sampleBytes, chunk: fixed };
}

/**
 * Bytes of a stored sample. The bits per sample decide, because recorders write the block size in bits, for one
 * channel, or as 0. Only 17 to 24 bits may take 4 bytes, which the block size then has to show.
 *
 * @param perBlock bytes of one channel according to the block size
 * @returns undefined if neither field makes sense
 */
function storedBytes(field: { tag: number; bits: number; perBlock: number }): number | undefined {
  const { tag, bits, perBlock } = field;
  if (tag === A_LAW || tag === MU_LAW) return 1;
  if (tag !== PCM && tag !== FLOAT) return perBlock;
  const sizes = tag === PCM ? [1, 2, 3, 4] : [4, 8];
  const byBlock = sizes.includes(perBlock) ? perBlock : undefined;
  const byBits = sizes.includes(Math.ceil(bits / 8)) ? Math.ceil(bits / 8) : undefined;
  // The size in bytes was written into the field for bits.
  if (bits <= 4 && byBlock === bits) return byBlock;
  if (byBits === 3 && byBlock === 4) return byBlock;
  if (bits === 16 && tag === FLOAT) throw new UnsupportedCodec('16-bit float');
  if (bits === 64 && tag === PCM) throw new UnsupportedCodec('64-bit PCM');
  return byBits ?? byBlock;
}

/** How the samples are read as plain PCM; undefined for other encodings. */
export function plainPcm({ tag, sampleBytes }: WavFormat): PcmFormat | undefined {
  if (tag === PCM) return ({ 1: 'u8', 2: 's16le', 3: 's24le', 4: 's32le' } as const)[sampleBytes];
  return tag === FLOAT && sampleBytes === 4 ? 'f32le' : undefined;
}

/** Codecs whose frames mark their own start, so that the data chunk is a stream of that format, by format tag. */
export const STREAMS_IN_WAV: Readonly<Record<number, string>> = {
  80: 'mp3', // MPEG Layer 1 and 2
  85: 'mp3',
  5632: 'aac', // ADTS
  8192: 'ac3',
  8193: 'dts',
};

/** Encodings that the WAV codec reads: 64-bit float, A-law, µ-law, and Microsoft's and IMA's ADPCM. */
const IN_WAV_CODEC = new Set([FLOAT, A_LAW, MU_LAW, 2, 17]);

/** Names of what no decoder here reads, by format tag (RFC 2361 and the registry of Microsoft). */
const NAMES: Readonly<Record<number, string>> = {
  16: 'OKI ADPCM',
  20: 'G.723 ADPCM',
  32: 'Yamaha ADPCM',
  34: 'TrueSpeech',
  49: 'GSM 6.10',
  64: 'G.721 ADPCM',
  66: 'G.723.1',
  69: 'G.726 ADPCM',
  100: 'G.726 ADPCM',
  101: 'G.722 ADPCM',
  255: 'raw AAC',
  304: 'ACELP.net',
  353: 'WMA',
  354: 'WMA Pro',
  355: 'WMA Lossless',
  624: 'ATRAC3',
  655: 'G.722 ADPCM',
  5648: 'HE-AAC',
  21318: 'Flash ADPCM',
  26447: 'Vorbis',
  26448: 'Vorbis',
  26449: 'Vorbis',
  28751: 'Opus',
  41225: 'Speex',
};

/** @throws UnsupportedCodec for an encoding without a decoder, by its name */
export function requireCodec(tag: number): void {
  if (IN_WAV_CODEC.has(tag)) return;
  throw new UnsupportedCodec(
    NAMES[tag] ?? `an unknown encoding (format tag 0x${tag.toString(16).padStart(4, '0')})`,
  );
}

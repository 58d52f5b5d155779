import { UserError } from '../../user-error.ts';
import { PcmDecoder, type PcmFormat } from '../pcm.ts';
import { PlainSamples, type SampleReader } from './plain-samples.ts';
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
  readonly littleEndian: boolean;
  /** The body of the chunk, for the codec of compressed WAV. */
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
  return { tag, channels, sampleRateHz, sampleBytes, littleEndian, chunk };
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

/** Reads PCM, float and G.711; undefined for compressed samples. */
export function wavReader(format: WavFormat): SampleReader | undefined {
  const { tag, channels, sampleBytes: bytes, littleEndian } = format;
  // Like raw PCM from a socket, so that the same samples give the same frames.
  const raw = RAW[`${tag}/${bytes}`];
  if (raw && (littleEndian || raw === 'u8')) return new PcmDecoder(raw, channels);
  const encoding = ({ [PCM]: 'int', [FLOAT]: 'float', [A_LAW]: 'alaw', [MU_LAW]: 'ulaw' } as const)[tag];
  return encoding && new PlainSamples({ channels, encoding, bytes, littleEndian });
}

/** By format tag and bytes of a sample. */
const RAW: Readonly<Record<string, PcmFormat>> = {
  '1/1': 'u8',
  '1/2': 's16le',
  '1/3': 's24le',
  '1/4': 's32le',
  '3/4': 'f32le',
};

/** Codecs whose frames mark their own start, so that the data chunk is a stream of that format, by format tag. */
export const STREAMS_IN_WAV: Readonly<Record<number, string>> = {
  80: 'mp3', // MPEG Layer 1 and 2
  85: 'mp3',
  5632: 'aac', // ADTS
  8192: 'ac3',
  8193: 'dts',
};

/** Encodings that the WAV codec reads: the ADPCM of Microsoft and of the IMA. */
const IN_WAV_CODEC = new Set([2, 17]);

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

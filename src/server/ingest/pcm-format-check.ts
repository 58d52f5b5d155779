import type { PcmFormat } from '../../stream/pcm.ts';

/**
 * What contradicts the announced format at the beginning of a stream, as the middle of a sentence; undefined if
 * nothing does. Detects a file with a header, floats sent as integers, and integers sent as floats: data that
 * cannot be music. A wrong sample rate or channel count cannot be detected, since the result still sounds like
 * music.
 *
 * @param bytes the beginning of the stream
 * @param samples the same, decoded as `format`
 */
export function formatMismatch(
  format: PcmFormat,
  bytes: Uint8Array,
  samples: Float32Array,
): string | undefined {
  const container = containerOf(bytes);
  if (container) return `it begins like ${container}; send raw samples without a header`;
  if (format === 'f32le' && areNotFloats(samples)) {
    return 'most samples are not numbers or far beyond full scale; perhaps they are s16le';
  }
  if ((format === 's16le' || format === 's32le') && areFloats(bytes)) return 'the samples look like f32le';
  return undefined;
}

const CONTAINERS: readonly (readonly [name: string, offset: number, magic: string])[] = [
  ['a WAV file', 8, 'WAVE'],
  ['an AIFF file', 8, 'AIFF'],
  ['an MP4 or M4A file', 4, 'ftyp'],
  ['an Ogg file', 0, 'OggS\0'],
  ['a FLAC file', 0, 'fLaC\0'],
  ['an MP3 file', 0, 'ID3\x02'],
  ['an MP3 file', 0, 'ID3\x03'],
  ['an MP3 file', 0, 'ID3\x04'],
  ['a WebM or Matroska file', 0, '\x1a\x45\xdf\xa3'],
];

/** Bytes that are needed to recognize a container. */
export const CONTAINER_BYTES = 12;

function containerOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, CONTAINER_BYTES)).toString('latin1');
  return CONTAINERS.find(([, offset, magic]) => text.startsWith(magic, offset))?.[0];
}

/** 24 dB over full scale. No float audio is that loud, and most integers read as floats are far beyond. */
const MAX_PLAUSIBLE = 16;
const MIN_IMPLAUSIBLE_SHARE = 0.25;
const MIN_SAMPLES = 512;

/** Samples that were announced as f32le. */
function areNotFloats(samples: Float32Array): boolean {
  let implausible = 0;
  for (const sample of samples) if (!(Math.abs(sample) <= MAX_PLAUSIBLE)) implausible++;
  return samples.length >= MIN_SAMPLES && implausible > samples.length * MIN_IMPLAUSIBLE_SHARE;
}

/**
 * Whether bytes that were announced as s16le or s32le are f32le. The upper 16 bits of a float between 10⁻⁹ and 8
 * fall in a narrow range, whatever the audio, while the lower 16 bits take all values.
 */
function areFloats(bytes: Uint8Array): boolean {
  const words = Math.floor(bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, words * 4);
  let counted = 0;
  let upper = 0;
  let lower = 0;
  for (let i = 0; i < words; i++) {
    if (view.getUint32(i * 4, true) === 0) continue; // Silence is the same in both.
    counted++;
    if (isUpperHalf(view.getUint16(i * 4 + 2, true))) upper++;
    if (isUpperHalf(view.getUint16(i * 4, true))) lower++;
  }
  return counted >= MIN_SAMPLES && upper > counted * 0.98 && lower < counted * 0.5;
}

/** Ignoring the sign: the exponent of a float from 2⁻³¹ up to 8. */
const isUpperHalf = (half: number): boolean => (half & 0x7fff) >= 0x3000 && (half & 0x7fff) < 0x4100;

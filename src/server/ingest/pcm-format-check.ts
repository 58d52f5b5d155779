import type { PcmFormat } from '../../stream/pcm.ts';

/**
 * Tells audio that cannot be what its hello says, from the first second of it: a file with a header, floats
 * sent as integers, integers sent as floats. Only what no music can look like is refused; a wrong sample
 * rate or channel count sounds like music and cannot be told.
 */

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

/** Bytes of the beginning that `containerOf` looks at. */
export const CONTAINER_BYTES = 12;

export function containerOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, CONTAINER_BYTES)).toString('latin1');
  return CONTAINERS.find(([, offset, magic]) => text.startsWith(magic, offset))?.[0];
}

/** 24 dB over full scale: no float audio is that hot, and integers read as floats are mostly far beyond. */
const ABSURD = 16;
const MOSTLY = 0.25;
const ENOUGH_SAMPLES = 512;

/** Samples that were announced as f32le. */
export function areNotFloats(samples: Float32Array): boolean {
  let absurd = 0;
  for (const sample of samples) if (!(Math.abs(sample) <= ABSURD)) absurd++;
  return samples.length >= ENOUGH_SAMPLES && absurd > samples.length * MOSTLY;
}

/**
 * Bytes that were announced as s16le or s32le and are f32le. The upper half of a float between 10⁻⁹ and 8 is
 * a number from a narrow range, whatever the audio, while the lower half is spread over all numbers.
 */
export function areFloats(bytes: Uint8Array): boolean {
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
  return counted >= ENOUGH_SAMPLES && upper > counted * 0.98 && lower < counted * 0.5;
}

/** Sign aside, the exponent of a float from 2⁻³¹ up to 8. */
const isUpperHalf = (half: number): boolean => (half & 0x7fff) >= 0x3000 && (half & 0x7fff) < 0x4100;

/** What is wrong with the beginning of a stream, as the middle of a sentence; undefined where nothing is. */
export function doubt(format: PcmFormat, bytes: Uint8Array, samples: Float32Array): string | undefined {
  const container = containerOf(bytes);
  if (container) return `it begins like ${container}; send the bare samples without any header`;
  if (format === 'f32le' && areNotFloats(samples)) {
    return 'most samples are no numbers or far beyond full scale; perhaps they are s16le';
  }
  if ((format === 's16le' || format === 's32le') && areFloats(bytes)) return 'the samples look like f32le';
  return undefined;
}

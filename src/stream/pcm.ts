import type { AudioFormat } from '../types.ts';
import { concatBytes } from '../util/bytes.ts';

/** Raw PCM, as clients and pipes send it, decoded to samples of full scale ±1. */

export const PCM_FORMATS = ['u8', 's16le', 's24le', 's32le', 'f32le'] as const;

export type PcmFormat = (typeof PCM_FORMATS)[number];

/** How raw PCM is encoded. */
export interface PcmLayout extends AudioFormat {
  readonly format: PcmFormat;
}

export function isPcmFormat(name: string): name is PcmFormat {
  return (PCM_FORMATS as readonly string[]).includes(name);
}

/** Bytes of one sample, and its value at byte offset `at`; integers divide by 2^(bits - 1). */
const READERS: Record<PcmFormat, { bytes: number; read(view: DataView, at: number): number }> = {
  u8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  s16le: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32768 },
  // The low byte is unsigned and the upper two are signed, together 24 bits.
  s24le: {
    bytes: 3,
    read: (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 8388608,
  },
  s32le: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2147483648 },
  f32le: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
};

export function bytesPerSample(format: PcmFormat): number {
  return READERS[format].bytes;
}

/** Full scale ±1 of 16-bit samples, into an array as long. */
export function int16ToFloat(samples: Int16Array, out: Float32Array): void {
  for (let i = 0; i < samples.length; i++) out[i] = samples[i]! / 32768;
}

/** The same as the reader of s16le in half of the time. */
function floatsOfInt16(bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const integers = new Int16Array(buffer, byteOffset, length / 2);
  const samples = new Float32Array(integers.length);
  int16ToFloat(integers, samples);
  return samples;
}

/** Whether this machine stores numbers as `s16le` does; `node:os` is not there in a browser. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Decodes bytes that may be split anywhere. An incomplete frame waits for the next push. */
export class PcmDecoder {
  readonly format: PcmFormat;
  readonly channels: number;
  #remainder = new Uint8Array(0);

  constructor(format: PcmFormat, channels: number) {
    this.format = format;
    this.channels = channels;
  }

  /** Bytes of an incomplete frame. If there are any after the last push, the input was cut. */
  get remainderBytes(): number {
    return this.#remainder.length;
  }

  /** Whole frames, interleaved, in a fresh array; empty if no frame is complete. */
  push(bytes: Uint8Array): Float32Array {
    const reader = READERS[this.format];
    const whole = this.#wholeFrames(bytes);
    if (this.format === 's16le' && LITTLE_ENDIAN) return floatsOfInt16(whole);
    const view = new DataView(whole.buffer, whole.byteOffset, whole.length);
    const samples = new Float32Array(whole.length / reader.bytes);
    for (let i = 0, at = 0; i < samples.length; i++, at += reader.bytes) samples[i] = reader.read(view, at);
    return samples;
  }

  /**
   * Whole frames of s16le as the integers that they are, on a little-endian machine: an array on memory of its own, which
   * is that of `bytes` if they fill it and no frame is cut.
   */
  pushInt16(bytes: Uint8Array): Int16Array {
    const whole = this.#wholeFrames(bytes);
    const own = whole.length === whole.buffer.byteLength ? whole : whole.slice();
    return new Int16Array(own.buffer);
  }

  /** The bytes of whole frames, with those that waited. */
  #wholeFrames(bytes: Uint8Array): Uint8Array {
    const data = this.#remainder.length > 0 ? concatBytes(this.#remainder, bytes) : bytes;
    const end = data.length - (data.length % (bytesPerSample(this.format) * this.channels));
    // A copy: the caller may reuse its buffer.
    this.#remainder = data.slice(end);
    return data.subarray(0, end);
  }
}

import { concatBytes } from '../../util/bytes.ts';

/** Turns the bytes of a track, cut anywhere, into interleaved samples of full scale ±1. */
export interface SampleReader {
  /** Samples of all channels for what is complete; the rest waits. */
  push(bytes: Uint8Array): Float32Array;
}

/** How uncompressed samples, or those of G.711, are stored. */
export interface SampleLayout {
  readonly channels: number;
  /** `int` is signed. A-law and µ-law have one byte. */
  readonly encoding: 'int' | 'float' | 'alaw' | 'ulaw';
  /** Bytes of one sample: 1 to 4 for `int`, 4 or 8 for `float`. */
  readonly bytes: number;
  readonly littleEndian: boolean;
}

/** Reads the layouts of AIFF, CAF and WAV that raw PCM (pcm.ts) does not have. */
export class PlainSamples implements SampleReader {
  readonly #frameBytes: number;
  readonly #layout: SampleLayout;
  readonly #read: (view: DataView, at: number) => number;
  #rest = new Uint8Array(0);

  constructor(layout: SampleLayout) {
    this.#layout = layout;
    this.#frameBytes = layout.bytes * layout.channels;
    this.#read = reader(layout);
  }

  push(bytes: Uint8Array): Float32Array {
    const { channels, bytes: width } = this.#layout;
    const data = concatBytes(this.#rest, bytes);
    const frames = Math.floor(data.length / this.#frameBytes);
    const view = new DataView(data.buffer);
    const samples = new Float32Array(frames * channels);
    for (let i = 0, at = 0; i < samples.length; i++, at += width) samples[i] = this.#read(view, at);
    this.#rest = data.slice(frames * this.#frameBytes);
    return samples;
  }
}

/** Whether there is a reader for samples of this size. */
export function isReadable({ encoding, bytes }: SampleLayout): boolean {
  return encoding === 'float' ? bytes === 4 || bytes === 8 : [1, 2, 3, 4].includes(bytes);
}

function reader({
  encoding,
  bytes,
  littleEndian: little,
}: SampleLayout): (view: DataView, at: number) => number {
  if (encoding === 'alaw') return (view, at) => A_LAW[view.getUint8(at)]!;
  if (encoding === 'ulaw') return (view, at) => MU_LAW[view.getUint8(at)]!;
  if (encoding === 'float')
    return bytes === 8
      ? (view, at) => view.getFloat64(at, little)
      : (view, at) => view.getFloat32(at, little);
  if (bytes === 1) return (view, at) => view.getInt8(at) / 128;
  if (bytes === 2) return (view, at) => view.getInt16(at, little) / 32_768;
  if (bytes === 4) return (view, at) => view.getInt32(at, little) / 2_147_483_648;
  const [high, low] = little ? [1, 0] : [0, 2];
  return (view, at) => (view.getInt16(at + high, little) * 256 + view.getUint8(at + low)) / 8_388_608;
}

/** ITU-T G.711: the value of each byte. */
const A_LAW = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = byte ^ 0x55;
  const [segment, step] = [(code >> 4) & 7, ((code & 15) << 4) + 8];
  const value = segment === 0 ? step : (step + 256) << (segment - 1);
  return (code & 0x80 ? value : -value) / 32_768;
});

const MU_LAW = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const value = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return (code & 0x80 ? -value : value) / 32_768;
});

import { concatBytes } from '../../util/bytes.ts';
import type { SampleReader } from './plain-samples.ts';

/** Bytes of a packet of one channel, and its samples. */
export const IMA4_PACKET_BYTES = 34;
export const IMA4_PACKET_SAMPLES = 64;

// biome-ignore format: a table of the standard
const STEPS = Int16Array.of(
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
  118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
  1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894,
  6484, 7132, 7845, 8630, 9493, 10_442, 11_487, 12_635, 13_899, 15_289, 16_818, 18_500, 20_350, 22_385, 24_623, 27_086,
  29_794, 32_767,
);
const STEP_CHANGES = Int8Array.of(-1, -1, -1, -1, 2, 4, 6, 8);
const LAST_STEP = STEPS.length - 1;
/** The packet's header has the upper 9 bits of the predictor. */
const PREDICTOR_MASK = 0xff80;

/**
 * Apple's IMA 4:1 (`ima4` in MOV, AIFF-C and CAF; QuickTime File Format, "Uncompressed and compressed audio"): the
 * ADPCM of the IMA, 1992, in packets of 34 bytes, one channel after the other. The low four bits of a byte come first.
 * A packet's header states the predictor only in part, so it corrects the predictor that runs on only if it differs.
 */
export class Ima4Decoder implements SampleReader {
  readonly #channels: number;
  readonly #predictors: Int32Array;
  readonly #steps: Int32Array;
  #rest = new Uint8Array(0);

  constructor(channels: number) {
    this.#channels = channels;
    this.#predictors = new Int32Array(channels);
    this.#steps = new Int32Array(channels).fill(-1);
  }

  /** Each whole packet of all channels, [channels][34], gives 64 samples per channel. */
  push(bytes: Uint8Array): Float32Array {
    const channels = this.#channels;
    const packets = concatBytes(this.#rest, bytes);
    const packetBytes = IMA4_PACKET_BYTES * channels;
    const count = Math.floor(packets.length / packetBytes);
    this.#rest = packets.slice(count * packetBytes);
    const samples = new Float32Array(count * channels * IMA4_PACKET_SAMPLES);
    for (let i = 0, at = 0; i < count; i++) {
      for (let c = 0; c < channels; c++, at += IMA4_PACKET_BYTES)
        this.#packet({ packets, at, channel: c, samples, out: i * channels * IMA4_PACKET_SAMPLES + c });
    }
    return samples;
  }

  #packet(place: {
    packets: Uint8Array;
    at: number;
    channel: number;
    samples: Float32Array;
    out: number;
  }): void {
    const { packets, at, channel, samples } = place;
    const header = (packets[at]! << 8) | packets[at + 1]!;
    const stated = ((header & PREDICTOR_MASK) << 16) >> 16;
    let step = Math.min(header & 0x7f, LAST_STEP);
    let predictor = this.#predictors[channel]!;
    if (this.#steps[channel] !== step || Math.abs(stated - predictor) > 0x7f) predictor = stated;
    let out = place.out;
    for (let i = at + 2; i < at + IMA4_PACKET_BYTES; i++) {
      for (let shift = 0; shift < 8; shift += 4) {
        const code = (packets[i]! >> shift) & 15;
        const size = STEPS[step]!;
        let change = size >> 3;
        if (code & 1) change += size >> 2;
        if (code & 2) change += size >> 1;
        if (code & 4) change += size;
        predictor += code & 8 ? -change : change;
        predictor = Math.max(-32_768, Math.min(32_767, predictor));
        step = Math.max(0, Math.min(LAST_STEP, step + STEP_CHANGES[code & 7]!));
        samples[out] = predictor / 32_768;
        out += this.#channels;
      }
    }
    this.#predictors[channel] = predictor;
    this.#steps[channel] = step;
  }
}

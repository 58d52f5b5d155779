import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { HeldStart } from './held-start.ts';
import { IMA4_PACKET_BYTES, Ima4Decoder } from './ima4.ts';

/** A COMM chunk this far from the start is not waited for; the codec then decides. */
const MAX_START_BYTES = 2 ** 20;

/** What AIFF-C with `ima4` states in its chunks before the samples. */
interface Ima4Layout {
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Position of the first packet, and bytes from there on. */
  readonly at: number;
  readonly bytes: number;
}

/**
 * AIFF and AIFF-C (Apple, "Audio Interchange File Format AIFF-C", 1991). Its `ima4` is decoded here, because
 * `@audio/decode-aiff` mixes up the order of its samples; see docs/known-faults.md. All else goes to that codec.
 */
export function openAiff(openCodec: () => Promise<Decoder>): Decoder {
  return new HeldStart((start, atEnd) => {
    const layout = ima4Layout(start);
    if (layout === 'more' && !atEnd && start.length < MAX_START_BYTES) return undefined;
    return typeof layout === 'object' ? Promise.resolve(new AiffIma4Decoder(layout)) : openCodec();
  });
}

/** `other` for any other encoding, `more` if the bytes end before it is known. */
function ima4Layout(start: Uint8Array): Ima4Layout | 'other' | 'more' {
  if (start.length < 12) return 'more';
  if (fourCc(start, 8) !== 'AIFC') return 'other';
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  let common: { channels: number; sampleRateHz: number } | undefined;
  for (let at = 12; at + 8 <= start.length; ) {
    const size = view.getUint32(at + 4);
    const body = at + 8;
    const name = fourCc(start, at);
    if (name === 'COMM') {
      if (body + 22 > start.length) return 'more';
      if (size < 22 || fourCc(start, body + 18) !== 'ima4') return 'other';
      common = { channels: view.getUint16(body), sampleRateHz: extended(view, body + 8) };
      if (common.channels === 0 || !(common.sampleRateHz > 0)) return 'other';
    } else if (name === 'SSND') {
      // Samples before their format are rare; the codec then keeps the whole recording.
      if (!common) return 'other';
      if (body + 8 > start.length) return 'more';
      const offset = view.getUint32(body);
      return { ...common, at: body + 8 + offset, bytes: Math.max(0, size - 8 - offset) };
    }
    at = body + size + (size & 1);
  }
  return 'more';
}

/** An 80-bit IEEE 754 number, for positive values. */
function extended(view: DataView, at: number): number {
  const exponent = view.getUint16(at) & 0x7fff;
  return Number(view.getBigUint64(at + 2)) * 2 ** (exponent - 16_383 - 63);
}

class AiffIma4Decoder implements Decoder {
  readonly #layout: Ima4Layout;
  readonly #ima4: Ima4Decoder;
  readonly #buffer = new ByteBuffer();
  #skip: number;
  #left: number;

  constructor(layout: Ima4Layout) {
    this.#layout = layout;
    this.#ima4 = new Ima4Decoder(layout.channels);
    this.#skip = layout.at;
    this.#left = layout.bytes;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    const audio = bytes.subarray(skipped, skipped + this.#left);
    this.#left -= audio.length;
    this.#buffer.push(audio);
    const { channels, sampleRateHz } = this.#layout;
    const packetBytes = IMA4_PACKET_BYTES * channels;
    const whole = this.#buffer.take(Math.floor(this.#buffer.length / packetBytes) * packetBytes);
    return [{ sampleRateHz, channels, samples: this.#ima4.decode(whole) }];
  }

  async flush(): Promise<Decoded> {
    return [];
  }

  get truncated(): boolean {
    return this.#left > 0;
  }

  free(): void {}
}

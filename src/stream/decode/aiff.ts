import { fourCc } from '../../util/bytes.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { HeldStart } from './held-start.ts';
import { Ima4Decoder } from './ima4.ts';
import { isReadable, PlainSamples, type SampleReader } from './plain-samples.ts';

/** A COMM chunk this far from the start is not waited for; the codec then decides. */
const MAX_START_BYTES = 2 ** 20;

/** What the chunks before the samples state. */
interface AiffLayout {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly reader: SampleReader;
  /** Position of the first sample, and bytes from there on; infinite if the writer did not know. */
  readonly at: number;
  readonly bytes: number;
}

/**
 * AIFF and AIFF-C (Apple, "Audio Interchange File Format AIFF-C", 1991). PCM, G.711 and `ima4` are decoded here,
 * because `@audio/decode-aiff` reads 8-bit samples as unsigned and mixes up the order of `ima4`; see
 * docs/known-faults.md. Other encodings go to that codec.
 */
export function openAiff(openCodec: () => Promise<Decoder>): Decoder {
  return new HeldStart((start, atEnd) => {
    const layout = aiffLayout(start);
    if (layout === 'more' && !atEnd && start.length < MAX_START_BYTES) return undefined;
    return typeof layout === 'object' ? Promise.resolve(new AiffDecoder(layout)) : openCodec();
  });
}

/** `other` for an encoding that is not read here, `more` if the bytes end before it is known. */
function aiffLayout(start: Uint8Array): AiffLayout | 'other' | 'more' {
  if (start.length < 12) return 'more';
  const compressed = fourCc(start, 8) === 'AIFC';
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  let common: Pick<AiffLayout, 'sampleRateHz' | 'channels' | 'reader'> | undefined;
  for (let at = 12; at + 8 <= start.length; ) {
    const size = view.getUint32(at + 4);
    const body = at + 8;
    const name = fourCc(start, at);
    if (name === 'COMM') {
      if (body + 22 > start.length) return 'more';
      const channels = view.getUint16(body);
      const sampleRateHz = extended(view, body + 8);
      const encoding = compressed && size >= 22 ? fourCc(start, body + 18) : 'NONE';
      const reader = sampleReader({ encoding, channels, bits: view.getUint16(body + 6) });
      if (!reader || channels === 0 || !(sampleRateHz > 0)) return 'other';
      common = { channels, sampleRateHz, reader };
    } else if (name === 'SSND') {
      // Samples before their format are rare; the codec then keeps the whole recording.
      if (!common) return 'other';
      if (body + 8 > start.length) return 'more';
      const offset = view.getUint32(body);
      const first = body + 8 + offset;
      return { ...common, at: first, bytes: isOpen(size) ? Infinity : Math.max(0, size - 8 - offset) };
    }
    at = body + size + (size & 1);
  }
  return 'more';
}

/** Writers that cannot seek write 0 or almost 2 GiB as the size: the samples then reach to the end. */
function isOpen(size: number): boolean {
  return size === 0 || size >= 0x7f00_0000;
}

/** Integers of these encodings are little-endian; of all others, big-endian. */
const LITTLE_ENDIAN = new Set(['sowt', 'SOWT', '42ni', '23ni']);
const BITS: Readonly<Record<string, number>> = { in24: 24, in32: 32, '42ni': 24, '23ni': 32 };

function sampleReader(sound: { encoding: string; channels: number; bits: number }): SampleReader | undefined {
  const { encoding, channels } = sound;
  if (encoding === 'ima4') return new Ima4Decoder(channels);
  const bytes = Math.ceil((BITS[encoding] ?? sound.bits) / 8);
  const littleEndian = LITTLE_ENDIAN.has(encoding);
  const name = encoding.toLowerCase();
  if (name === 'fl32' || name === 'fl64')
    return new PlainSamples({ channels, encoding: 'float', bytes: name === 'fl32' ? 4 : 8, littleEndian });
  if (name === 'alaw' || name === 'ulaw')
    return new PlainSamples({ channels, encoding: name, bytes: 1, littleEndian });
  const isInt = ['none', 'twos', 'sowt', 'in24', 'in32', '42ni', '23ni'].includes(name);
  const layout = { channels, encoding: 'int', bytes, littleEndian } as const;
  return isInt && isReadable(layout) ? new PlainSamples(layout) : undefined;
}

/** An 80-bit IEEE 754 number, for positive values. */
function extended(view: DataView, at: number): number {
  const exponent = view.getUint16(at) & 0x7fff;
  return Number(view.getBigUint64(at + 2)) * 2 ** (exponent - 16_383 - 63);
}

class AiffDecoder implements Decoder {
  readonly #layout: AiffLayout;
  #skip: number;
  #left: number;

  constructor(layout: AiffLayout) {
    this.#layout = layout;
    this.#skip = layout.at;
    this.#left = layout.bytes;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const { channels, sampleRateHz, reader } = this.#layout;
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    const audio = bytes.subarray(skipped, Math.min(bytes.length, skipped + this.#left));
    this.#left -= audio.length;
    return [{ sampleRateHz, channels, samples: reader.push(audio) }];
  }

  async flush(): Promise<Decoded> {
    return [];
  }

  get truncated(): boolean {
    return Number.isFinite(this.#left) && this.#left > 0;
  }

  free(): void {}
}

import type { AudioFormat } from '../../types.ts';
import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import { blankBursts } from './bursts.ts';
import { type CafDescription, type CafPackets, cafDescription, cafPackets, cafReader } from './caf-header.ts';
import { interleave } from './codec.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { flacHeader } from './flac.ts';
import { isPacketCodec, openPacketCodec, type PacketCodec } from './packet-codec.ts';
import type { SampleReader } from './plain-samples.ts';
import { NO_PACKET_TABLE, UnsupportedCodec } from './unreadable.ts';

/** Formats whose frames mark their own start, so that the data chunk is a stream for their codec. */
const STREAMS: Readonly<Record<string, string>> = {
  '.mp1': 'mp3',
  '.mp2': 'mp3',
  '.mp3': 'mp3',
  'ac-3': 'ac3',
  'ec-3': 'eac3',
  flac: 'flac',
};
const MAX_CHUNK_BYTES = 2 ** 28;

/**
 * CAF with any encoding that has a decoder. Where packets differ in size, their table has to come before them
 * (see pakt-first.ts). A damaged packet becomes NaN for its duration, which counts as silence and as a gap.
 */
export class CafDecoder implements Decoder {
  readonly #open: (type: string) => Promise<Decoder>;
  readonly #buffer = new ByteBuffer();
  #description: CafDescription | undefined;
  #cookie: Uint8Array = new Uint8Array(0);
  #packets: CafPackets = { sizes: [], validSamples: 0, primingSamples: 0 };
  #reader: SampleReader | undefined;
  #stream: Decoder | undefined;
  #codec: PacketCodec | undefined;
  #packet = 0;
  /** Samples per channel so far, and their format. */
  #samples = 0;
  #format: AudioFormat | undefined;
  /** Bytes of the current chunk still to skip; in the data chunk, bytes of audio still to come. */
  #left = 8;
  #place: 'skip' | 'chunk' | 'data' = 'skip';

  /** @param open opens a codec by the format's name */
  constructor(open: (type: string) => Promise<Decoder>) {
    this.#open = open;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    this.#buffer.push(bytes);
    while (this.#place !== 'data') if (!(await this.#readPart())) return [];
    if (this.#codec) return this.#decodePackets();
    const audio = this.#buffer.take(Math.min(this.#buffer.length, this.#left));
    this.#left -= audio.length;
    if (this.#stream) return this.#stream.decode(audio);
    const { sampleRateHz, channels } = this.#description!;
    return [{ sampleRateHz, channels, samples: this.#reader!.push(audio) }];
  }

  async flush(): Promise<Decoded> {
    return (await this.#stream?.flush()) ?? [];
  }

  get truncated(): boolean {
    return this.#place !== 'data' || (Number.isFinite(this.#left) && this.#left > 0);
  }

  free(): void {
    this.#stream?.free();
    this.#codec?.free();
  }

  /** Reads one part of the header; false if that needs more bytes. */
  async #readPart(): Promise<boolean> {
    const buffer = this.#buffer;
    if (this.#place === 'skip') {
      this.#left -= buffer.skip(this.#left);
      if (this.#left > 0) return false;
      this.#place = 'chunk';
      return true;
    }
    const head = buffer.peek(16);
    if (!head) return false;
    const name = fourCc(head, 0);
    const size = Number(new DataView(head.buffer, head.byteOffset).getBigInt64(4));
    if (name === 'data') {
      buffer.take(16);
      // The data chunk begins with the number of its edits; a size of -1 reaches to the end.
      this.#left = size < 0 ? Infinity : Math.max(0, size - 4);
      await this.#startData();
      this.#place = 'data';
      return true;
    }
    const wanted = name === 'desc' || name === 'kuki' || name === 'pakt';
    if (size < 0 || (wanted && size > MAX_CHUNK_BYTES)) throw new Error('CAF: damaged chunk');
    if (wanted) {
      const chunk = buffer.peek(12 + size)?.slice(12);
      if (!chunk) return false;
      this.#take(name, chunk);
    }
    buffer.take(12);
    this.#left = size;
    this.#place = 'skip';
    return true;
  }

  #take(name: string, chunk: Uint8Array): void {
    if (name === 'kuki') this.#cookie = chunk;
    else if (name === 'desc' && chunk.length >= 32) this.#description = cafDescription(chunk);
    else if (name === 'pakt' && chunk.length >= 24 && this.#description)
      this.#packets = cafPackets(chunk, this.#description);
  }

  async #startData(): Promise<void> {
    const description = this.#description;
    if (!description) throw new Error('CAF: no description');
    const { format, packetBytes } = description;
    const type = STREAMS[format];
    this.#reader = cafReader(description);
    if (this.#reader) return;
    if (type) {
      this.#stream = await this.#open(type);
      // The cookie of FLAC ends with the STREAMINFO block, if there is one.
      if (format === 'flac' && this.#cookie.length >= 34)
        await this.#stream.decode(flacHeader(this.#cookie.slice(-34)));
    } else if (isPacketCodec(format)) {
      if (packetBytes === 0 && this.#packets.sizes.length === 0) throw new Error(NO_PACKET_TABLE);
      const stream = { description, cookie: this.#cookie, packets: this.#packets };
      this.#codec = await openPacketCodec(stream);
    } else throw new UnsupportedCodec(format.trim());
  }

  #decodePackets(): Decoded {
    const decoded: Decoded[number][] = [];
    const { packetBytes } = this.#description!;
    const codec = this.#codec!;
    for (;;) {
      const size = packetBytes || this.#packets.sizes[this.#packet];
      // The table ends before the packets do, or the other way round: damage, or bytes that are no packets.
      const ended = size === undefined || size > this.#left;
      if (ended) this.#buffer.take(this.#buffer.length);
      if (ended || size > this.#buffer.length) return decoded;
      const packet = this.#buffer.take(size);
      this.#left -= size;
      this.#packet++;
      const samples = this.#decodePacket(codec, packet);
      if (samples.length > 0) decoded.push({ ...this.#format!, samples });
    }
  }

  #decodePacket(codec: PacketCodec, packet: Uint8Array): Float32Array {
    const { packetSamples, channels, sampleRateHz } = this.#description!;
    const { validSamples } = this.#packets;
    let samples: Float32Array = new Float32Array(0);
    let failed = false;
    try {
      const { channelData, sampleRate } = codec.decode(packet);
      if (codec.lossy) blankBursts(channelData);
      if (channelData.length > 0) {
        this.#format = { sampleRateHz: sampleRate, channels: channelData.length };
        samples = interleave(channelData);
      }
      // Only the packets of the encoder's delay and padding are expected to give nothing.
      failed = channelData.length === 0 && this.#samples > 0;
    } catch {
      failed = true;
    }
    if (failed) {
      // In the format so far, so that damage is not a change of format.
      this.#format ??= { sampleRateHz, channels };
      const lost = Math.min(packetSamples, validSamples > 0 ? validSamples - this.#samples : Infinity);
      samples = new Float32Array(Math.max(0, lost) * this.#format.channels).fill(Number.NaN);
    }
    this.#samples += samples.length / (this.#format?.channels ?? 1);
    return samples;
  }
}

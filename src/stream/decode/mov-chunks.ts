import type { AudioFormat } from '../../types.ts';
import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { HeldStart } from './held-start.ts';
import { IMA4_PACKET_BYTES, IMA4_PACKET_SAMPLES, Ima4Decoder } from './ima4.ts';
import { plainSound } from './mov-plain.ts';
import { type Box, boxOf, children, descend } from './mp4-boxes.ts';
import { PlainSamples, type SampleReader } from './plain-samples.ts';

/** More than any recording has. */
const MAX_CHANNELS = 255;

/** Where the samples of a track are: runs of bytes in the file, in the order in which they play. */
interface ChunkTrack extends AudioFormat {
  readonly reader: SampleReader;
  readonly chunks: readonly { readonly at: number; readonly bytes: number }[];
}

/**
 * MP4, M4A and MOV. IMA 4:1 and plain samples in MOV are decoded here, all else by `@audio/decode-mp4`: that does not
 * have IMA 4:1, and holds the size of each plain sample in memory. The index has to come before the samples.
 */
export function openMp4(openCodec: () => Promise<Decoder>): Decoder {
  return new HeldStart((start, atEnd) => {
    const index = findIndex(start);
    if (index === 'more' && !atEnd) return undefined;
    const track = typeof index === 'object' ? chunkTrack(index) : undefined;
    return track ? Promise.resolve(new MovChunks(track)) : openCodec();
  });
}

/** The body of the `moov` box; `none` if the samples come first or the file has fragments. */
function findIndex(start: Uint8Array): Box | 'more' | 'none' {
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  for (let at = 0; ; ) {
    if (at + 8 > start.length) return 'more';
    const [size, type] = [view.getUint32(at), fourCc(start, at + 4)];
    if (type === 'mdat' || type === 'moof' || size < 8) return 'none';
    if (type === 'moov' && at + size > start.length) return 'more';
    if (type === 'moov') return boxOf(start.subarray(at + 8, at + size));
    at += size;
  }
}

function chunkTrack(moov: Box): ChunkTrack | undefined {
  for (const trak of children(moov, 'trak')) {
    const table = descend(trak, 'mdia', 'minf', 'stbl');
    const [stsd, stsz, stsc] = ['stsd', 'stsz', 'stsc'].map((type) => table && descend(table, type));
    const offsets = table && chunkOffsets(table);
    // A file of fragments has empty tables.
    if (!stsd || !stsz || !stsc || !offsets?.length || stsd.bytes.length < 44) continue;
    const sound = ima4Units(stsd, stsz) ?? plainUnits(stsd, stsz);
    if (!sound) continue;
    const units = unitsPerChunk(stsc, offsets.length);
    const chunks = offsets.map((at, i) => ({ at, bytes: Math.round(units[i]! * sound.unitBytes) }));
    const { channels, sampleRateHz, reader } = sound;
    return { channels, sampleRateHz, reader, chunks };
  }
  return undefined;
}

/** How to read a track, and the bytes of what its index counts. */
interface Units extends AudioFormat {
  readonly reader: SampleReader;
  readonly unitBytes: number;
}

function ima4Units(stsd: Box, stsz: Box): Units | undefined {
  if (fourCc(stsd.bytes, 12) !== 'ima4') return undefined;
  // Version, flags and count, then the description: size, format, …, channels at 24, sample rate (16.16) at 32.
  const channels = stsd.view.getUint16(8 + 24);
  const sampleRateHz = stsd.view.getUint32(8 + 32) / 65_536;
  if (channels === 0 || channels > MAX_CHANNELS || sampleRateHz === 0) return undefined;
  const packetBytes = IMA4_PACKET_BYTES * channels;
  // QuickTime counts samples of one byte each, 64 per packet; others count packets.
  const isPackets = stsz.view.getUint32(4) === packetBytes;
  const unitBytes = isPackets ? packetBytes : packetBytes / IMA4_PACKET_SAMPLES;
  return { channels, sampleRateHz, reader: new Ima4Decoder(channels), unitBytes };
}

function plainUnits(stsd: Box, stsz: Box): Units | undefined {
  const plain = plainSound(stsd);
  if (!plain || plain.layout.channels > MAX_CHANNELS) return undefined;
  const unitBytes = plain.layout.bytes * plain.layout.channels;
  // QuickTime gives samples the size 1, whatever their description states.
  if (![1, unitBytes].includes(stsz.view.getUint32(4))) return undefined;
  const { channels } = plain.layout;
  return { channels, sampleRateHz: plain.sampleRateHz, reader: new PlainSamples(plain.layout), unitBytes };
}

function chunkOffsets(table: Box): number[] | undefined {
  const short = descend(table, 'stco');
  const box = short ?? descend(table, 'co64');
  if (!box) return undefined;
  const width = short ? 4 : 8;
  const count = Math.min(box.view.getUint32(4), Math.floor((box.bytes.length - 8) / width));
  return Array.from({ length: count }, (_, i) =>
    short ? box.view.getUint32(8 + 4 * i) : Number(box.view.getBigUint64(8 + 8 * i)),
  );
}

/** Units in each of `count` chunks: an entry of `stsc` holds from its first chunk (counted from 1) to the next entry's. */
function unitsPerChunk(stsc: Box, count: number): Float64Array {
  const units = new Float64Array(count);
  const entries = Math.min(stsc.view.getUint32(4), Math.floor((stsc.bytes.length - 8) / 12));
  for (let i = 0, first = 0; i < entries; i++) {
    // First chunks that do not rise are damage.
    first = Math.max(first, stsc.view.getUint32(8 + 12 * i) - 1);
    const next = i + 1 < entries ? stsc.view.getUint32(20 + 12 * i) - 1 : count;
    units.fill(stsc.view.getUint32(12 + 12 * i), first, Math.max(first, next));
  }
  return units;
}

class MovChunks implements Decoder {
  readonly #track: ChunkTrack;
  readonly #buffer = new ByteBuffer();
  /** Position in the file, and the chunk that comes next or is being read. */
  #position = 0;
  #chunk = 0;

  constructor(track: ChunkTrack) {
    this.#track = track;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const { channels, sampleRateHz, chunks, reader } = this.#track;
    const end = this.#position + bytes.length;
    for (let chunk = chunks[this.#chunk]; chunk && chunk.at < end; chunk = chunks[this.#chunk]) {
      const from = Math.max(0, chunk.at - this.#position);
      this.#buffer.push(bytes.subarray(from, Math.max(from, chunk.at + chunk.bytes - this.#position)));
      if (chunk.at + chunk.bytes > end) break;
      this.#chunk++;
    }
    this.#position = end;
    return [{ sampleRateHz, channels, samples: reader.push(this.#buffer.take(this.#buffer.length)) }];
  }

  async flush(): Promise<Decoded> {
    return [];
  }

  get truncated(): boolean {
    return this.#chunk < this.#track.chunks.length;
  }

  free(): void {}
}

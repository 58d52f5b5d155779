import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { HeldStart } from './held-start.ts';
import { IMA4_PACKET_BYTES, IMA4_PACKET_SAMPLES, Ima4Decoder } from './ima4.ts';

/** More than any recording has. */
const MAX_CHANNELS = 255;

/** Where the packets of an `ima4` track are: runs of bytes in the file, in the order in which they play. */
interface Ima4Track {
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly chunks: readonly { readonly at: number; readonly bytes: number }[];
}

/**
 * MP4, M4A and MOV. IMA 4:1 in MOV is decoded here, because `@audio/decode-mp4` does not have it; all else goes to that
 * codec. The index has to come before the samples.
 */
export function openMp4(openCodec: () => Promise<Decoder>): Decoder {
  return new HeldStart((start, atEnd) => {
    const index = findIndex(start);
    if (index === 'more' && !atEnd) return undefined;
    const track = typeof index === 'object' ? ima4Track(index) : undefined;
    return track ? Promise.resolve(new MovIma4Decoder(track)) : openCodec();
  });
}

export interface Box {
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

export function boxOf(bytes: Uint8Array): Box {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
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

/** The bodies of the boxes of one type directly inside a box. */
export function* children(box: Box, type: string): Generator<Box> {
  for (let at = 0; at + 8 <= box.bytes.length; ) {
    const size = box.view.getUint32(at);
    if (size < 8 || at + size > box.bytes.length) return;
    if (fourCc(box.bytes, at + 4) === type) yield boxOf(box.bytes.subarray(at + 8, at + size));
    at += size;
  }
}

/** The first box of each type on the way down. */
export function descend(box: Box, ...path: readonly string[]): Box | undefined {
  let here: Box | undefined = box;
  for (const type of path) here = here && children(here, type).next().value;
  return here;
}

function ima4Track(moov: Box): Ima4Track | undefined {
  for (const trak of children(moov, 'trak')) {
    const table = descend(trak, 'mdia', 'minf', 'stbl');
    const [stsd, stsz, stsc] = ['stsd', 'stsz', 'stsc'].map((type) => table && descend(table, type));
    const offsets = table && chunkOffsets(table);
    if (!stsd || !stsz || !stsc || !offsets || stsd.bytes.length < 44) continue;
    if (fourCc(stsd.bytes, 12) !== 'ima4') continue;
    // Version, flags and count, then the description: size, format, …, channels at 24, sample rate (16.16) at 32.
    const channels = stsd.view.getUint16(8 + 24);
    const sampleRateHz = stsd.view.getUint32(8 + 32) / 65_536;
    if (channels === 0 || channels > MAX_CHANNELS || sampleRateHz === 0) continue;
    const size = stsz.view.getUint32(4);
    const packetBytes = IMA4_PACKET_BYTES * channels;
    // QuickTime counts samples of one byte each, 64 per packet; others count packets.
    const bytesPerUnit = size === packetBytes ? packetBytes : packetBytes / IMA4_PACKET_SAMPLES;
    const units = unitsPerChunk(stsc, offsets.length);
    const chunks = offsets.map((at, i) => ({ at, bytes: Math.round(units[i]! * bytesPerUnit) }));
    return { channels, sampleRateHz, chunks };
  }
  return undefined;
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

class MovIma4Decoder implements Decoder {
  readonly #track: Ima4Track;
  readonly #ima4: Ima4Decoder;
  readonly #buffer = new ByteBuffer();
  /** Position in the file, and the chunk that comes next or is being read. */
  #position = 0;
  #chunk = 0;

  constructor(track: Ima4Track) {
    this.#track = track;
    this.#ima4 = new Ima4Decoder(track.channels);
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const { channels, sampleRateHz, chunks } = this.#track;
    const end = this.#position + bytes.length;
    for (let chunk = chunks[this.#chunk]; chunk && chunk.at < end; chunk = chunks[this.#chunk]) {
      const from = Math.max(0, chunk.at - this.#position);
      this.#buffer.push(bytes.subarray(from, Math.max(from, chunk.at + chunk.bytes - this.#position)));
      if (chunk.at + chunk.bytes > end) break;
      this.#chunk++;
    }
    this.#position = end;
    return [{ sampleRateHz, channels, samples: this.#ima4.push(this.#buffer.take(this.#buffer.length)) }];
  }

  async flush(): Promise<Decoded> {
    return [];
  }

  get truncated(): boolean {
    return this.#chunk < this.#track.chunks.length;
  }

  free(): void {}
}

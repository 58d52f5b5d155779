import { fourCc } from '../../../util/bytes.ts';
import { aacConfig } from '../../decode/caf-header.ts';
import { type Box, boxOf, children, descend } from '../../decode/mp4-boxes.ts';

const ADTS_HEADER_BYTES = 7;
/** Bytes of an audio sample entry before the boxes in it (ISO/IEC 14496-12, 12.2.3). */
const ENTRY_BYTES = 28;
const SBR = 5;
const PS = 29;
const LC = 2;

/** Turns a segment of MP4 fragments into frames of ADTS. */
export type FragmentReader = (segment: Uint8Array) => Uint8Array;

/**
 * Opens a reader for the AAC in MP4 fragments (ISO/IEC 14496-12, 8.8). A decoder of MP4 keeps an index of all frames,
 * which would grow for as long as a broadcast lasts; ADTS has none.
 *
 * @param init the bytes before the first segment
 * @returns undefined for other codecs, and for AAC that ADTS cannot describe
 */
export function openFragments(init: Uint8Array): FragmentReader | undefined {
  const movie = descend(boxOf(init), 'moov');
  if (!movie) return undefined;
  for (const track of children(movie, 'trak')) {
    const handler = descend(track, 'mdia', 'hdlr');
    if (!handler || fourCc(handler.bytes, 8) !== 'soun') continue;
    const header = adtsHeader(track);
    const id = trackId(track);
    if (!header || id === undefined) return undefined;
    const size = defaultSize(movie, id);
    return (segment) => readFragments(segment, { id, size, header });
  }
  return undefined;
}

interface FragmentTrack {
  readonly id: number;
  /** Bytes of a frame, where a fragment does not state them. */
  readonly size: number;
  readonly header: Uint8Array;
}

function trackId(track: Box): number | undefined {
  const header = descend(track, 'tkhd');
  return header?.view.getUint32(header.view.getUint8(0) === 1 ? 20 : 12);
}

function defaultSize(movie: Box, id: number): number {
  const extends_ = descend(movie, 'mvex');
  for (const { view } of extends_ ? children(extends_, 'trex') : [])
    if (view.getUint32(4) === id) return view.getUint32(16);
  return 0;
}

/** A header of ADTS (ISO/IEC 14496-3, 1.A.2) without the length of its frame. */
function adtsHeader(track: Box): Uint8Array | undefined {
  const table = descend(track, 'mdia', 'minf', 'stbl', 'stsd');
  const entry = table && children(boxOf(table.bytes.subarray(8)), 'mp4a').next().value;
  const esds = entry && descend(boxOf(entry.bytes.subarray(ENTRY_BYTES)), 'esds');
  if (!esds) return undefined;
  const [first = 0, second = 0] = aacConfig(esds.bytes.subarray(4));
  const coded = first >> 3;
  // Spectral band replacement is found in the frames.
  const type = coded === SBR || coded === PS ? LC : coded;
  const rate = ((first & 7) << 1) | (second >> 7);
  const channels = (second >> 3) & 15;
  if (type < 1 || type > 4 || rate > 12 || channels < 1 || channels > 7) return undefined;
  return Uint8Array.of(
    0xff,
    0xf1,
    ((type - 1) << 6) | (rate << 2) | (channels >> 2),
    (channels & 3) << 6,
    0,
    0x1f,
    0xfc,
  );
}

function readFragments(segment: Uint8Array, track: FragmentTrack): Uint8Array {
  const frames: Uint8Array[] = [];
  const whole = boxOf(segment);
  for (let at = 0; at + 8 <= segment.length; ) {
    const size = whole.view.getUint32(at);
    if (size < 8) break;
    if (fourCc(segment, at + 4) === 'moof') {
      const fragment = boxOf(segment.subarray(at + 8, at + size));
      for (const part of children(fragment, 'traf')) readPart(part, { segment, start: at, track, frames });
    }
    at += size;
  }
  return Buffer.concat(frames);
}

interface PartOptions {
  readonly segment: Uint8Array;
  /** Where the fragment begins in the segment. */
  readonly start: number;
  readonly track: FragmentTrack;
  readonly frames: Uint8Array[];
}

/** The frames of one track in one fragment: `tfhd` has its defaults, each `trun` a run of frames. */
function readPart(part: Box, { segment, start, track, frames }: PartOptions): void {
  const header = descend(part, 'tfhd')?.view;
  if (!header || header.getUint32(4) !== track.id) return;
  const flags = header.getUint32(0) & 0xff_ffff;
  let field = 8;
  const skip = (flag: number, bytes: number) => {
    if (flags & flag) field += bytes;
  };
  // Offsets count from the fragment, unless it states a place in the file, which a segment does not know.
  skip(0x1, 8);
  skip(0x2, 4);
  skip(0x8, 4);
  const size = flags & 0x10 ? header.getUint32(field) : track.size;
  let at = start;
  for (const { view } of children(part, 'trun')) {
    const has = view.getUint32(0) & 0xff_ffff;
    const count = view.getUint32(4);
    let entry = 8;
    if (has & 0x1) {
      at = start + view.getInt32(entry);
      entry += 4;
    }
    if (has & 0x4) entry += 4;
    const before = has & 0x100 ? 4 : 0;
    const after = (has & 0x400 ? 4 : 0) + (has & 0x800 ? 4 : 0);
    const stated = has & 0x200 ? 4 : 0;
    for (let i = 0; i < count && entry + before + stated + after <= view.byteLength; i++) {
      const bytes = stated ? view.getUint32(entry + before) : size;
      entry += before + stated + after;
      if (bytes > 0 && at + bytes <= segment.length)
        frames.push(framed(track.header, segment.subarray(at, at + bytes)));
      at += bytes;
    }
  }
}

function framed(header: Uint8Array, frame: Uint8Array): Uint8Array {
  const length = ADTS_HEADER_BYTES + frame.length;
  const bytes = new Uint8Array(length);
  bytes.set(header);
  bytes[3]! |= length >> 11;
  bytes[4] = (length >> 3) & 0xff;
  bytes[5]! |= (length & 7) << 5;
  bytes.set(frame, ADTS_HEADER_BYTES);
  return bytes;
}

import type { TrackTitle } from '../../../types.ts';
import { concatBytes } from '../../../util/bytes.ts';
import { id3Title } from '../../decode/id3-title.ts';

/** Audio bytes of a segment, and the track that begins with them, if one is named. */
export interface SegmentPart {
  readonly bytes: Uint8Array;
  readonly track?: TrackTitle | undefined;
}

const PACKET_BYTES = 188;
const SYNC = 0x47;
/** Types of elementary streams whose payload is a plain stream of frames: MPEG audio, and AAC in ADTS. */
const AUDIO_TYPES = [0x03, 0x04, 0x0f];
const OTHER_AUDIO: Readonly<Record<number, string>> = { 17: 'AAC in LATM', 129: 'AC-3', 135: 'E-AC-3' };
const TIMED_ID3 = 0x15;

export const isTransportStream = (bytes: Uint8Array): boolean =>
  bytes[0] === SYNC && (bytes.length < 2 * PACKET_BYTES || bytes[PACKET_BYTES] === SYNC);

/** The transport stream has no audio that can be decoded; the message is a clause. */
export class NoAudioStream extends Error {}

/** A stream of PES packets. */
interface Elementary {
  readonly kind: 'audio' | 'title';
  /** Bytes of the header of the current packet that have not arrived yet; undefined: no packet has begun. */
  header: Uint8Array | undefined;
  inPayload: boolean;
}

/**
 * Takes the first audio stream out of an MPEG transport stream (ISO/IEC 13818-1), and the titles in its timed ID3. Tables
 * are kept from segment to segment.
 */
export class TransportStream {
  #pmtPid: number | undefined;
  readonly #streams = new Map<number, Elementary>();
  /** An audio stream that cannot be decoded. */
  #other: string | undefined;

  /** @throws NoAudioStream */
  demux(segment: Uint8Array): SegmentPart[] {
    const parts: { bytes: Uint8Array[]; track?: TrackTitle | undefined }[] = [{ bytes: [] }];
    let title = new Uint8Array(0);
    const endTitle = () => {
      const track = id3Title(title);
      title = new Uint8Array(0);
      if (track) parts.push({ bytes: [], track });
    };
    for (let at = 0; at + PACKET_BYTES <= segment.length; ) {
      if (segment[at] !== SYNC) {
        at++;
        continue;
      }
      const packet = segment.subarray(at, at + PACKET_BYTES);
      at += PACKET_BYTES;
      const pid = ((packet[1]! & 0x1f) << 8) | packet[2]!;
      const begins = (packet[1]! & 0x40) !== 0;
      const payload = payloadOf(packet);
      if (pid === 0 && begins) this.#readPat(payload);
      else if (pid === this.#pmtPid && begins) this.#readPmt(payload);
      const stream = this.#streams.get(pid);
      if (!stream) continue;
      if (stream.kind === 'title' && begins) endTitle();
      const bytes = pesPayload(stream, payload, begins);
      if (stream.kind === 'audio') parts.at(-1)!.bytes.push(bytes);
      else title = concatBytes(title, bytes);
    }
    endTitle();
    if (this.#streams.size === 0)
      throw new NoAudioStream(
        this.#other ? `its audio is ${this.#other}` : 'its segments have no audio stream',
      );
    return parts.map(({ bytes, track }) => ({ bytes: Buffer.concat(bytes), track }));
  }

  /** Program association table: the number of the stream with the program map. */
  #readPat(payload: Uint8Array): void {
    const section = sectionOf(payload);
    for (let at = 8; at + 4 <= section.length; at += 4) {
      const program = (section[at]! << 8) | section[at + 1]!;
      if (program === 0) continue; // The network's own table.
      this.#pmtPid = ((section[at + 2]! & 0x1f) << 8) | section[at + 3]!;
      return;
    }
  }

  #readPmt(payload: Uint8Array): void {
    const section = sectionOf(payload);
    const infoBytes = ((section[10]! & 0x0f) << 8) | section[11]!;
    const found = new Map<number, Elementary['kind']>();
    for (let at = 12 + infoBytes; at + 5 <= section.length; ) {
      const type = section[at]!;
      const pid = ((section[at + 1]! & 0x1f) << 8) | section[at + 2]!;
      if (AUDIO_TYPES.includes(type) && ![...found.values()].includes('audio')) found.set(pid, 'audio');
      else if (type === TIMED_ID3) found.set(pid, 'title');
      this.#other ??= OTHER_AUDIO[type];
      at += 5 + (((section[at + 3]! & 0x0f) << 8) | section[at + 4]!);
    }
    if (![...found.values()].includes('audio')) found.clear();
    for (const pid of this.#streams.keys()) if (!found.has(pid)) this.#streams.delete(pid);
    for (const [pid, kind] of found)
      if (this.#streams.get(pid)?.kind !== kind)
        this.#streams.set(pid, { kind, header: undefined, inPayload: false });
  }
}

/** What follows the header and the adaptation field of a packet; none if that is damaged. */
function payloadOf(packet: Uint8Array): Uint8Array {
  const control = (packet[3]! >> 4) & 3;
  if ((control & 1) === 0) return packet.subarray(PACKET_BYTES);
  return packet.subarray(control === 3 ? 5 + packet[4]! : 4);
}

/** The section of a table that begins in a packet, without its checksum. Tables of one program fit in one packet. */
function sectionOf(payload: Uint8Array): Uint8Array {
  const section = payload.subarray(1 + (payload[0] ?? 0));
  const length = (((section[1] ?? 0) & 0x0f) << 8) | (section[2] ?? 0);
  return section.subarray(0, Math.max(0, 3 + length - 4));
}

/** Removes the header of a PES packet: 9 bytes, of which the last is the number of bytes that follow in the header. */
function pesPayload(stream: Elementary, payload: Uint8Array, begins: boolean): Uint8Array {
  if (begins) {
    stream.header = new Uint8Array(0);
    stream.inPayload = false;
  }
  if (stream.inPayload) return payload;
  if (!stream.header) return payload.subarray(payload.length);
  const head = concatBytes(stream.header, payload);
  stream.header = head;
  const headerBytes = head.length < 9 ? Number.POSITIVE_INFINITY : 9 + head[8]!;
  if (head.length < headerBytes) return payload.subarray(payload.length);
  stream.inPayload = true;
  const isPes = head[0] === 0 && head[1] === 0 && head[2] === 1;
  return isPes ? head.subarray(headerBytes) : head.subarray(head.length);
}

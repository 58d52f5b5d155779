import type { TrackTitle } from '../../types.ts';
import { hasText } from '../../util/bytes.ts';
import { blank } from './blank.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { checksum, type OggPage, OggPages } from './ogg-page.ts';
import { oggTitle } from './ogg-tags.ts';
import { UnsupportedCodec } from './unreadable.ts';

/** Codecs of Ogg by the start of their first packet: what decodes them, or their name if nothing here does. */
const CODECS: readonly { readonly magic: string; readonly type?: string; readonly name: string }[] = [
  { magic: '\x01vorbis', type: 'oga', name: 'Vorbis' },
  { magic: 'OpusHead', type: 'opus', name: 'Opus' },
  { magic: '\x7fFLAC', type: 'flac', name: 'FLAC' },
  { magic: 'Speex   ', name: 'Speex' },
  { magic: 'CELT    ', name: 'CELT' },
  { magic: '\x80theora', name: 'Theora video' },
];

/** Damage longer than this is not filled: its length is then more likely wrong than right. */
const MAX_GAP_SECONDS = 60;
/** Bytes after the last page that are more than a tag. */
const MAX_TAIL_BYTES = 8192;

/** What one logical stream needs to be decoded from any of its pages on. */
interface Link {
  readonly serial: number;
  readonly type: string;
  codec: Decoder;
  /** The pages before the first audio. */
  readonly headers: Uint8Array[];
  /** The track by its tags, until it is on its first samples; undefined: not read yet, or passed on. */
  track: TrackTitle | undefined;
  /** Granule position and sequence number of the newest page. */
  granule: number;
  sequence: number;
}

/**
 * Ogg (RFC 3533): Vorbis, Opus or FLAC, in chained streams. Each logical stream gets a codec of its own, opened by
 * its own headers. Of streams that run side by side (Theora video with sound) the first with sound is decoded. After
 * damaged pages, the missing time is filled with NaN, which counts as silence and as a gap.
 */
export class OggDecoder implements Decoder {
  readonly #open: (type: string) => Promise<Decoder>;
  readonly #pages = new OggPages();
  #link: Link | undefined;
  /** Only first pages of logical streams so far: others may begin beside them. */
  #beginning = false;
  /** A stream of the current group that nothing here decodes. */
  #unsupported: string | undefined;
  #everDecoded = false;
  /** The newest link names a track. */
  #titled = false;
  #skipped = 0;

  /** @param open opens a codec by the name in `CODECS` */
  constructor(open: (type: string) => Promise<Decoder>) {
    this.#open = open;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const decoded: Decoded[number][] = [];
    for (const page of this.#pages.push(bytes)) decoded.push(...(await this.#page(page)));
    return decoded;
  }

  async flush(): Promise<Decoded> {
    const decoded = await this.#endLink();
    if (!this.#everDecoded) {
      if (this.#unsupported) throw new UnsupportedCodec(this.#unsupported);
      throw new Error('No audio stream: its start is missing.');
    }
    return decoded;
  }

  get truncated(): boolean {
    return this.#pages.pending > 0 || this.#pages.dropped > MAX_TAIL_BYTES;
  }

  get skipped(): number {
    return this.#skipped;
  }

  free(): void {
    this.#link?.codec.free();
  }

  async #page(page: OggPage): Promise<Decoded> {
    if (page.begins) return this.#begin(page);
    this.#beginning = false;
    const link = this.#link;
    if (link?.serial !== page.serial) {
      if (link) this.#skipped += page.bytes.length;
      return [];
    }
    // Bytes between two pages are no damage; a page that is missing shows in the numbers.
    const inOrder = page.sequence === link.sequence + 1;
    link.sequence = page.sequence;
    return inOrder ? this.#decodePage(link, page.bytes, page.granule) : this.#resume(link, page);
  }

  /** A logical stream begins, beside others that have just begun or after them. */
  async #begin(page: OggPage): Promise<Decoded> {
    const decoded: Decoded[number][] = [];
    if (!this.#beginning) {
      decoded.push(...(await this.#endLink()));
      this.#unsupported = undefined;
    }
    this.#beginning = true;
    const codec = CODECS.find(({ magic }) => hasText(page.bytes, page.bodyAt, magic));
    if (this.#link || !codec) return decoded;
    if (!codec.type) {
      this.#unsupported ??= codec.name;
      return decoded;
    }
    const { serial, sequence, bytes } = page;
    this.#everDecoded = true;
    this.#link = {
      serial,
      type: codec.type,
      codec: await this.#open(codec.type),
      headers: [],
      track: undefined,
      granule: 0,
      sequence,
    };
    return [...decoded, ...(await this.#decodePage(this.#link, bytes, 0))];
  }

  async #decodePage(link: Link, bytes: Uint8Array, granule: number): Promise<Decoded> {
    // Pages of headers have the position 0, or -1 within a long one.
    if (link.granule === 0 && granule <= 0) {
      link.headers.push(bytes);
      this.#skipped += bytes.length;
    } else if (link.granule === 0) {
      link.track = oggTitle(link.headers.map((page) => page.subarray(27 + page[26]!)));
    }
    if (granule > 0) link.granule = granule;
    return this.#withTrack(link, await link.codec.decode(bytes));
  }

  /** Adds the track to the first samples. Audio without tags ends a track, but is nothing to report before one. */
  #withTrack(link: Link, decoded: Decoded): Decoded {
    const { track } = link;
    const [first, ...rest] = decoded;
    if (!track || !first) return decoded;
    link.track = undefined;
    if (track.title === '' && !this.#titled) return decoded;
    this.#titled = track.title !== '';
    return [{ ...first, track }, ...rest];
  }

  /** Continues after damage with a new codec, because the old one may hold half a packet. */
  async #resume(link: Link, page: OggPage): Promise<Decoded> {
    const last = await link.codec.flush();
    link.codec.free();
    link.codec = await this.#reopen(link);
    const whole = page.continued ? withoutFirstPacket(page) : page.bytes;
    const lost = await this.#lost(link, whole, page.granule);
    return [...last, ...lost, ...(await this.#decodePage(link, whole, page.granule))];
  }

  /** A codec that has the headers of the stream. */
  async #reopen(link: Link): Promise<Decoder> {
    const codec = await this.#open(link.type);
    for (const header of link.headers) await codec.decode(header);
    return codec;
  }

  /** The time between the newest page and this one. A codec delivers a page only with the next: so a probe has it. */
  async #lost(link: Link, page: Uint8Array, granule: number): Promise<Decoded> {
    if (granule <= link.granule || link.granule === 0) return [];
    const probe = await this.#reopen(link);
    const decoded = [...(await probe.decode(page)), ...(await probe.flush())];
    probe.free();
    const first = decoded[0];
    if (!first) return [];
    const frames = decoded.reduce((sum, { samples, channels }) => sum + samples.length / channels, 0);
    const lost = granule - link.granule - frames;
    return lost > 0 && lost <= MAX_GAP_SECONDS * first.sampleRateHz ? [blank(first, lost)] : [];
  }

  async #endLink(): Promise<Decoded> {
    const link = this.#link;
    if (!link) return [];
    this.#link = undefined;
    const last = await link.codec.flush();
    link.codec.free();
    return this.#withTrack(link, last);
  }
}

/** The page without the end of a packet that began on a page that is missing. */
function withoutFirstPacket({ bytes, bodyAt }: OggPage): Uint8Array {
  let segments = 0;
  let size = 0;
  for (let lacing = 255; lacing === 255 && 27 + segments < bodyAt; segments++) {
    lacing = bytes[27 + segments]!;
    size += lacing;
  }
  const page = new Uint8Array(bytes.length - segments - size);
  page.set(bytes.subarray(0, 27));
  page[5]! &= ~1;
  page[26]! -= segments;
  page.set(bytes.subarray(27 + segments, bodyAt), 27);
  page.set(bytes.subarray(bodyAt + size), bodyAt - segments);
  new DataView(page.buffer).setUint32(22, checksum(page), true);
  return page;
}

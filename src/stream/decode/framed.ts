import type { AudioFormat } from '../../types.ts';
import { ByteBuffer } from '../../util/bytes.ts';
import { blank } from './blank.ts';
import type { Decoded, Decoder } from './decoder.ts';
import {
  FRAME_HEADER_BYTES,
  type FrameHeader,
  findFrames,
  frameHeader,
  isFreeFormat,
  startsFrames,
} from './mpeg-frame.ts';
import { tagBytes } from './tags.ts';
import { UnsupportedCodec } from './unreadable.ts';

/** Frames after which the delay of a codec is known, and how many it can be: MP3 frames need bits of earlier ones. */
const WARM_UP_FRAMES = 12;
const MAX_DELAY_FRAMES = 4;
/** A start within a frame, or bytes before the first one, are skipped up to here. */
const MAX_SEARCH_BYTES = 64 * 1024;

/** A run of frames of one configuration. */
interface Link {
  readonly config: number;
  readonly header: FrameHeader;
  readonly codec: Decoder;
  frames: number;
  bytes: number;
  /** What the codec delivers; known from its first samples on. */
  format: AudioFormat | undefined;
  /** Samples per channel that it delivered, or that were filled in. */
  delivered: number;
  /** Samples that it is behind its input by itself; measured after the first frames. */
  delay: number | undefined;
}

/**
 * MP3 (and layers I and II) and AAC in ADTS frames, as files and broadcasts have them: from the first whole frame on,
 * with a new codec wherever sample rate, channels or profile change. What cannot be decoded (damaged frames, bytes
 * that are no frames) is filled with NaN for its duration, which counts as silence and as a gap.
 */
export class FramedDecoder implements Decoder {
  readonly #open: (type: string, channels: number) => Promise<Decoder>;
  readonly #buffer = new ByteBuffer();
  #link: Link | undefined;
  /** Bytes of a tag still to be skipped. */
  #skip = 0;
  #skipped = 0;
  /** Bytes since the last frame that are neither frames nor tags nor zeros. */
  #junk = 0;

  /** @param open opens a codec for `mp3` or `aac` with the number of channels in the frames */
  constructor(open: (type: string, channels: number) => Promise<Decoder>) {
    this.#open = open;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    this.#buffer.push(bytes);
    return this.#run(false);
  }

  async flush(): Promise<Decoded> {
    const decoded = [...(await this.#run(true))];
    if (!this.#link) throw new Error('No frame was found.');
    const last = await this.#end(this.#link);
    this.#link = undefined;
    return [...decoded, ...last];
  }

  /** The formats do not state their length; what is missing inside them is filled. */
  get truncated(): boolean {
    return false;
  }

  get skipped(): number {
    return this.#skipped;
  }

  free(): void {
    this.#link?.codec.free();
  }

  async #run(atEnd: boolean): Promise<Decoded> {
    const decoded: Decoded[number][] = [];
    for (;;) {
      const skipped = this.#buffer.skip(this.#skip);
      this.#skip -= skipped;
      this.#skipped += skipped;
      const bytes = this.#buffer.peek(this.#buffer.length)!;
      const tag = tagBytes(bytes);
      if (tag > 0) {
        this.#skip = tag;
        continue;
      }
      const frames = this.#countFrames(bytes, atEnd);
      if (frames.bytes > 0) {
        decoded.push(...(await this.#decodeFrames(bytes.subarray(0, frames.bytes), frames.count)));
        this.#buffer.skip(frames.bytes);
      } else if (!frames.waiting && bytes.length > 0) {
        const header = this.#startsLink(bytes, atEnd);
        if (header) decoded.push(...(await this.#begin(header)));
        else if (!this.#search(bytes, atEnd)) return decoded;
      } else {
        return decoded;
      }
    }
  }

  /** The whole frames of the current configuration at the start of the bytes. */
  #countFrames(bytes: Uint8Array, atEnd: boolean): { bytes: number; count: number; waiting: boolean } {
    let at = 0;
    let count = 0;
    for (; this.#link; count++) {
      if (at + FRAME_HEADER_BYTES > bytes.length) return { bytes: at, count, waiting: !atEnd };
      const header = frameHeader(bytes, at);
      if (header?.config !== this.#link.config || header.bytes === 0) break;
      if (at + header.bytes > bytes.length) return { bytes: at, count, waiting: !atEnd };
      at += header.bytes;
    }
    return { bytes: at, count, waiting: false };
  }

  /** The header of frames at the start of the bytes, if several follow one another. */
  #startsLink(bytes: Uint8Array, atEnd: boolean): FrameHeader | undefined {
    return startsFrames(bytes, 0, atEnd) ? frameHeader(bytes, 0) : undefined;
  }

  /** Moves to the next frames. False if more bytes are needed. */
  #search(bytes: Uint8Array, atEnd: boolean): boolean {
    const next = findFrames(bytes, 1, atEnd);
    if (next === undefined && !atEnd && bytes.length < MAX_SEARCH_BYTES) return false;
    if (next === undefined && !this.#link) {
      if (isFreeFormat(bytes)) throw new UnsupportedCodec('free-format frames');
      throw new Error('No frame was found.');
    }
    const dropped = this.#buffer.take(next ?? (atEnd ? bytes.length : bytes.length - MAX_SEARCH_BYTES / 2));
    if (this.#link) for (const byte of dropped) if (byte !== 0) this.#junk++;
    return true;
  }

  async #begin(header: FrameHeader): Promise<Decoded> {
    const before = this.#link;
    // The link after damage can be the same again.
    if (before?.config === header.config) return [];
    const decoded = before ? await this.#end(before) : [];
    this.#link = {
      config: header.config,
      header,
      codec: await this.#open(header.codec, header.channels),
      frames: 0,
      bytes: 0,
      format: undefined,
      delivered: 0,
      delay: undefined,
    };
    return decoded;
  }

  async #decodeFrames(bytes: Uint8Array, count: number): Promise<Decoded> {
    const link = this.#link!;
    const decoded = [...this.#fillJunk(link)];
    link.frames += count;
    link.bytes += bytes.length;
    for (const audio of await link.codec.decode(bytes)) {
      link.format = { sampleRateHz: audio.sampleRateHz, channels: audio.channels };
      link.delivered += audio.samples.length / audio.channels;
      decoded.push(audio);
    }
    decoded.push(...fillLost(link));
    return decoded;
  }

  async #end(link: Link): Promise<Decoded> {
    // A cut last frame is no loss.
    const junk = this.#fillJunk(link, 2);
    const last = await link.codec.flush();
    link.codec.free();
    return [...last, ...junk];
  }

  /** Time of the bytes that were no frames, if they could have been this many. */
  #fillJunk(link: Link, minFrames = 1): Decoded {
    const lost = link.frames > 0 ? Math.round((this.#junk * link.frames) / link.bytes) : 0;
    this.#junk = 0;
    if (lost < minFrames || !link.format) return [];
    return [blank(link.format, lost * frameSamples(link))];
  }
}

/** Time of frames that the codec dropped. */
function fillLost(link: Link): Decoded {
  if (!link.format || link.frames < WARM_UP_FRAMES) return [];
  const frame = frameSamples(link);
  const behind = link.frames * frame - link.delivered;
  link.delay ??= Math.min(behind, MAX_DELAY_FRAMES * frame);
  const lost = Math.floor((behind - link.delay) / frame) * frame;
  if (lost <= 0) return [];
  link.delivered += lost;
  return [blank(link.format, lost)];
}

/** Samples of a frame at the rate of the output: spectral band replacement doubles it. */
function frameSamples({ header, format }: Link): number {
  return Math.round((header.samples * format!.sampleRateHz) / header.sampleRateHz);
}

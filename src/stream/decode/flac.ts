import { ByteBuffer, concatBytes, fourCc } from '../../util/bytes.ts';
import { blank } from './blank.ts';
import { quietly } from './codec.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { type FlacFrame, FlacSplitter } from './flac-splitter.ts';

/** What the STREAMINFO block states (RFC 9639, section 8.2). */
interface StreamInfo {
  /** Samples per frame, if all frames but the last have the same number. */
  readonly blockSize: number | undefined;
  readonly sampleRateHz: number;
  /** Samples per channel; 0 if the writer did not know. */
  readonly total: number;
}

/** Damage longer than this is not filled: the number in the next frame is then more likely wrong than right. */
const MAX_GAP_SECONDS = 60;

async function loadCodec() {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
  const codec = new FLACDecoder();
  await codec.ready;
  return codec;
}

/**
 * FLAC, with or without its stream header. A frame that is damaged becomes NaN for its duration, which counts as
 * silence and as a gap, so time stays right. Another FLAC stream may follow directly.
 */
export class FlacDecoder implements Decoder {
  /** Loaded with the first frame: it is compiled then. */
  #codec: ReturnType<typeof loadCodec> | undefined;
  readonly #head = new ByteBuffer();
  #splitter: FlacSplitter | undefined;
  #info: StreamInfo | undefined;
  /** Bytes of a metadata block that are still to be skipped; whether it is the last block. */
  #skip = 0;
  #lastBlock = false;
  /** The sample that the next frame should start with. */
  #position = 0;
  /** Samples of the last frame. */
  #blockSize = 1;
  #missing = false;

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const decoded: Decoded[number][] = [];
    let rest: Uint8Array | undefined = bytes;
    while (rest && rest.length > 0) {
      if (!this.#splitter) rest = this.#readHeader(rest);
      if (!this.#splitter) break;
      decoded.push(...(await this.#frames(this.#splitter.push(rest))));
      rest = this.#splitter.rest;
      if (rest) this.#endStream(this.#splitter);
    }
    return decoded;
  }

  async flush(): Promise<Decoded> {
    const decoded: Decoded[number][] = [];
    const splitter = this.#splitter;
    if (splitter) decoded.push(...(await this.#frames(splitter.end())));
    if (splitter?.rest) decoded.push(...(await this.decode(splitter.rest)));
    if (!splitter) this.#missing = true;
    else if (!splitter.rest) this.#endStream(splitter);
    return decoded;
  }

  get truncated(): boolean {
    return this.#missing;
  }

  free(): void {
    // A recording can be closed before the module is compiled, or because it cannot be.
    this.#codec?.then(
      (codec) => codec.free(),
      () => {},
    );
  }

  /** Reads the metadata blocks as far as the bytes reach. Returns the bytes after them. */
  #readHeader(bytes: Uint8Array): Uint8Array {
    const head = this.#head;
    head.push(bytes);
    for (;;) {
      this.#skip -= head.skip(this.#skip);
      if (this.#skip > 0) break;
      if (this.#lastBlock) return this.#startFrames();
      const start = head.peek(4);
      if (!start) break;
      if (fourCc(start, 0) === 'fLaC') {
        head.take(4);
        continue;
      }
      // Frames in other containers come without a header.
      if (start[0] === 0xff) return this.#startFrames();
      const size = (start[1]! << 16) | (start[2]! << 8) | start[3]!;
      const isInfo = (start[0]! & 0x7f) === 0;
      if (isInfo && size >= 34 && head.length < 38) break;
      this.#lastBlock = start[0]! >= 0x80;
      if (isInfo && size >= 34) this.#info = streamInfo(head.peek(38)!.subarray(4));
      head.take(4);
      this.#skip = size;
    }
    return new Uint8Array(0);
  }

  #startFrames(): Uint8Array {
    this.#splitter = new FlacSplitter();
    this.#position = 0;
    return this.#head.take(this.#head.length);
  }

  #endStream(splitter: FlacSplitter): void {
    const short = (this.#info?.total ?? 0) - this.#position;
    // Some writers announce a few samples too many, but not a frame, and only damage ends within a frame.
    if (short > 0 && (splitter.unfinished || short >= this.#blockSize)) this.#missing = true;
    this.#splitter = undefined;
    this.#info = undefined;
    this.#lastBlock = false;
  }

  /** Frames that are whole are decoded together, which takes fewer arrays than one by one. */
  async #frames(frames: readonly FlacFrame[]): Promise<Decoded> {
    const last = frames.at(-1);
    if (last && frames.length > 1 && frames.every((frame) => !frame.afterDamage && isAlike(frame, last))) {
      const length = frames.reduce((sum, { blockSize }) => sum + blockSize, 0);
      const decoded = await this.#decodeFrames(frames, length);
      if (decoded.samples) {
        this.#passed(last);
        return [{ ...decoded.format, samples: decoded.samples }];
      }
    }
    const decoded: Decoded[number][] = [];
    for (const frame of frames) decoded.push(...(await this.#frame(frame)));
    return decoded;
  }

  /** @param length samples of each channel. @returns without samples if one of the frames is damaged */
  async #decodeFrames(frames: readonly FlacFrame[], length: number) {
    this.#codec ??= loadCodec();
    const codec = await this.#codec;
    const { channelData, samplesDecoded, sampleRate, bitDepth, errors } = await quietly(() =>
      codec.decodeFrames(frames.map(({ bytes }) => bytes)),
    );
    const { channels, ...stated } = frames.at(-1)!;
    const sampleRateHz = stated.sampleRateHz ?? this.#info?.sampleRateHz ?? sampleRate;
    const whole = errors.length === 0 && samplesDecoded === length && channelData.length === channels;
    return {
      format: { sampleRateHz, channels },
      samples: whole ? rescaled(channelData, bitDepth) : undefined,
    };
  }

  /** Moves on to the end of a frame. @returns its first sample */
  #passed({ variable, number, blockSize }: FlacFrame): number {
    const start = variable ? number : number * (this.#info?.blockSize ?? blockSize);
    this.#position = start + blockSize;
    this.#blockSize = blockSize;
    return start;
  }

  async #frame(frame: FlacFrame): Promise<Decoded> {
    const decoded = await this.#decodeFrames([frame], frame.blockSize);
    const { format } = decoded;
    const { sampleRateHz, channels } = format;
    const expected = this.#position;
    const start = this.#passed(frame);
    const lost = frame.afterDamage ? start - expected : 0;
    const samples = decoded.samples ?? blank(format, frame.blockSize).samples;
    if (lost <= 0 || lost > MAX_GAP_SECONDS * sampleRateHz) return [{ ...format, samples }];
    // One array of a second for all of a long gap.
    const second = blank(format, sampleRateHz);
    const seconds = Array.from({ length: Math.floor(lost / sampleRateHz) }, () => second);
    const rest = { ...format, samples: second.samples.subarray(0, (lost % sampleRateHz) * channels) };
    return [...seconds, rest, { ...format, samples }];
  }
}

/** Whether the codec can return the samples of both frames in the same arrays. */
function isAlike(a: FlacFrame, b: FlacFrame): boolean {
  const bits = ({ bytes }: FlacFrame) => bytes[3]! & 15;
  return a.channels === b.channels && a.sampleRateHz === b.sampleRateHz && bits(a) === bits(b);
}

/**
 * The channels interleaved. The codec divides by the largest positive value, 2^(bits - 1) - 1, all else here by
 * 2^(bits - 1).
 */
function rescaled(channelData: readonly Float32Array[], bits: number): Float32Array {
  const channels = channelData.length;
  const samples = new Float32Array(channels * channelData[0]!.length);
  const full = 2 ** (bits - 1);
  for (const [channel, plane] of channelData.entries()) {
    for (let i = 0, at = channel; i < plane.length; i++, at += channels) {
      samples[at] = Math.floor(plane[i]! * (full - 1) + 0.5) / full;
    }
  }
  return samples;
}

function streamInfo(block: Uint8Array): StreamInfo {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const [shortest, longest] = [view.getUint16(0), view.getUint16(2)];
  return {
    blockSize: shortest === longest && longest > 0 ? longest : undefined,
    sampleRateHz: view.getUint32(10) >>> 12,
    total: (view.getUint8(13) & 15) * 2 ** 32 + view.getUint32(14),
  };
}

/** A FLAC header around a STREAMINFO block, for frames that come from another container. */
export function flacHeader(info: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, info.length), info);
}

import { UserError } from '../../user-error.ts';
import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import { type Decoded, type Decoder, WAV_STARTS } from './decoder.ts';
import { flacHeader } from './flac.ts';
import type { SampleReader } from './plain-samples.ts';
import { UnsupportedCodec } from './unreadable.ts';
import {
  FLAC,
  parseWavFormat,
  requireCodec,
  STREAMS_IN_WAV,
  type WavFormat,
  wavReader,
} from './wav-format.ts';

/**
 * WAV, RF64, BW64 and RIFX as a stream of any length. Plain PCM is decoded like raw PCM from a socket, so the same
 * samples give the same frames. Compressed samples (ADPCM, MP3, …) go to their codec.
 */
export class WavDecoder implements Decoder {
  readonly #open: (type: string) => Promise<Decoder>;
  readonly #buffer = new ByteBuffer();
  #littleEndian = true;
  #format: WavFormat | undefined;
  #pcm: SampleReader | undefined;
  #compressed: Decoder | undefined;
  /** Bytes of the current chunk still to skip; in the data chunk, bytes of audio still to come. */
  #left = 0;
  #place: 'riff' | 'chunk' | 'skip' | 'data' = 'riff';
  #dataBytes64: number | undefined;
  /** Length of the file by its first header, and bytes so far. */
  #fileBytes = 0;
  #bytes = 0;
  /** Whether all samples of the data chunk were there. */
  #whole = false;
  /** Whether bytes that are no chunk follow the samples. */
  #foreign = false;

  /** @param open opens a codec by the format's name; `wav` for the ADPCM of WAV */
  constructor(open: (type: string) => Promise<Decoder>) {
    this.#open = open;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    this.#bytes += bytes.length;
    const decoded: Decoded[number][] = [];
    let rest = bytes;
    for (;;) {
      if (this.#place !== 'data') rest = await this.#readHeader(rest);
      if (this.#place !== 'data') return decoded;
      const audio = rest.subarray(0, Math.min(rest.length, this.#left));
      this.#left -= audio.length;
      decoded.push(...(await this.#samples(audio)));
      if (this.#left > 0) return decoded;
      decoded.push(...(await this.#endData()));
      rest = rest.subarray(audio.length);
    }
  }

  async flush(): Promise<Decoded> {
    return (await this.#compressed?.flush()) ?? [];
  }

  get truncated(): boolean {
    if (this.#place !== 'data') return !this.#whole || this.#foreign;
    // If the whole file is as long as it should be, only the size of the data chunk is wrong.
    const whole = this.#bytes - (this.#bytes & 1) === this.#fileBytes - (this.#fileBytes & 1);
    return Number.isFinite(this.#left) && this.#left > 0 && !whole;
  }

  free(): void {
    this.#compressed?.free();
  }

  async #samples(audio: Uint8Array): Promise<Decoded> {
    if (this.#compressed) return this.#compressed.decode(audio);
    const { sampleRateHz, channels } = this.#format!;
    return [{ sampleRateHz, channels, samples: this.#pcm!.push(audio) }];
  }

  /** The bytes after the data chunk are not audio, unless another WAV follows. */
  async #endData(): Promise<Decoded> {
    const last = await this.flush();
    this.#compressed?.free();
    this.#compressed = undefined;
    this.#whole = true;
    this.#place = 'chunk';
    return last;
  }

  /** Reads the header as far as the bytes reach. Returns the bytes after it, which are samples. */
  async #readHeader(bytes: Uint8Array): Promise<Uint8Array> {
    this.#buffer.push(bytes);
    while (await this.#readPart()) {
      if (this.#place === 'data') return this.#buffer.take(this.#buffer.length);
    }
    return new Uint8Array(0);
  }

  /** Reads one part of the header; false if that needs more bytes. */
  async #readPart(): Promise<boolean> {
    const buffer = this.#buffer;
    if (this.#place === 'chunk') return this.#readChunk();
    if (this.#place === 'skip') {
      this.#left -= buffer.skip(this.#left);
      if (this.#left > 0) return false;
    } else {
      if (buffer.length < 12) return false;
      const riff = buffer.take(12);
      this.#littleEndian = fourCc(riff, 0) !== 'RIFX';
      this.#fileBytes = 8 + new DataView(riff.buffer, riff.byteOffset).getUint32(4, this.#littleEndian);
    }
    this.#place = 'chunk';
    return true;
  }

  async #readChunk(): Promise<boolean> {
    const header = this.#buffer.peek(8);
    if (!header) return false;
    const view = new DataView(header.buffer, header.byteOffset, 8);
    const size = view.getUint32(4, this.#littleEndian);
    const name = fourCc(header, 0);
    if (this.#whole) return this.#readAfter(name, size);
    if (name === 'fmt ' || name === 'ds64') {
      if (size > 4096) throw new UserError('bad-audio', 'The WAV header is damaged.');
      const chunk = this.#buffer.peek(8 + size);
      if (!chunk) return false;
      if (name === 'fmt ') this.#format = parseWavFormat(chunk.slice(8), this.#littleEndian);
      else this.#dataBytes64 = parseDs64(chunk.subarray(8));
    } else if (name === 'data') {
      this.#buffer.take(8);
      await this.#startData(size);
      return true;
    }
    this.#buffer.take(8);
    // Chunks are padded to an even length.
    this.#left = size + (size & 1);
    this.#place = 'skip';
    return true;
  }

  /** Looks for the start of another WAV after the samples, chunk by chunk. */
  #readAfter(name: string, size: number): boolean {
    if (WAV_STARTS.includes(name)) {
      this.#whole = false;
      this.#format = undefined;
      this.#dataBytes64 = undefined;
      this.#bytes = this.#buffer.length;
      this.#place = 'riff';
      return true;
    }
    // The pad byte of a data chunk of odd length, which some writers leave out.
    const isPad = name.startsWith('\0');
    // What has no chunk's name is something else, such as a recording in another format.
    if (!isPad && !/^[\x20-\x7e]{4}$/.test(name)) this.#foreign = true;
    this.#buffer.take(isPad ? 1 : 8);
    this.#left = isPad ? 0 : size + (size & 1);
    this.#place = 'skip';
    return true;
  }

  async #startData(size: number): Promise<void> {
    const format = this.#format;
    if (!format) throw new UserError('bad-audio', 'The WAV file has samples but no format for them.');
    // Writers that cannot seek write 0, all ones or almost 2 GiB as the size: the samples then reach to the end.
    const open = size === 0 || size >= 0x7fff_0000;
    this.#left = size === 0xffff_ffff && this.#dataBytes64 ? this.#dataBytes64 : open ? Infinity : size;
    this.#place = 'data';
    this.#pcm = wavReader(format);
    if (!this.#pcm) this.#compressed = await this.#openCodec(format);
  }

  async #openCodec({ tag, chunk }: WavFormat): Promise<Decoder> {
    const stream = STREAMS_IN_WAV[tag];
    if (stream) return this.#open(stream);
    if (tag === FLAC) {
      const flac = await this.#open('flac');
      if (chunk.length >= 52) await flac.decode(flacHeader(chunk.subarray(18, 52)));
      return flac;
    }
    requireCodec(tag);
    if (!this.#littleEndian) throw new UnsupportedCodec('big-endian ADPCM');
    const codec = await this.#open('wav');
    await codec.decode(plainHeader(chunk));
    return codec;
  }
}

/** Size of the data chunk in a file over 4 GiB. */
function parseDs64(chunk: Uint8Array): number | undefined {
  if (chunk.length < 16) return undefined;
  return Number(new DataView(chunk.buffer, chunk.byteOffset, chunk.length).getBigUint64(8, true));
}

/** A WAV header with this format only, and a data chunk of unknown length. */
function plainHeader(format: Uint8Array): Uint8Array {
  const header = new Uint8Array(12 + 8 + format.length + 8);
  const view = new DataView(header.buffer);
  const write = (at: number, text: string) => {
    for (let i = 0; i < 4; i++) header[at + i] = text.charCodeAt(i);
  };
  write(0, 'RIFF');
  view.setUint32(4, 0xffff_ffff, true);
  write(8, 'WAVE');
  write(12, 'fmt ');
  view.setUint32(16, format.length, true);
  header.set(format, 20);
  write(20 + format.length, 'data');
  view.setUint32(24 + format.length, 0xffff_ffff, true);
  return header;
}

import { UserError } from '../../user-error.ts';
import { PcmDecoder, type PcmFormat } from '../pcm.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { ByteBuffer, fourCc } from './detect-type.ts';

/** Format tags of the `fmt ` chunk. */
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

interface Format {
  /** Tag with EXTENSIBLE resolved. */
  readonly tag: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Of one sample of one channel as it is stored: 24 bits in 4 bytes count as 4, for they are left-justified. */
  readonly sampleBytes: number;
  /** The chunk's body, for the codec of compressed WAV. */
  readonly chunk: Uint8Array;
}

/**
 * WAV, RF64 and BW64 as a stream of any length. Plain PCM takes the same way as raw PCM from a socket,
 * so the same samples give the same frames wherever they come from; every other encoding (64-bit float,
 * A-law, µ-law, ADPCM) goes to `openCompressed` behind a plain header.
 */
export class WavDecoder implements Decoder {
  readonly #openCompressed: () => Promise<Decoder>;
  readonly #buffer = new ByteBuffer();
  #format: Format | undefined;
  #pcm: PcmDecoder | undefined;
  #compressed: Decoder | undefined;
  /** Bytes of the present chunk to pass over; in the data chunk, bytes of audio still owed. */
  #left = 0;
  #place: 'riff' | 'chunk' | 'skip' | 'data' = 'riff';
  #dataBytes64: number | undefined;

  constructor(openCompressed: () => Promise<Decoder>) {
    this.#openCompressed = openCompressed;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const data = this.#place === 'data' ? bytes : await this.#readHeader(bytes);
    if (this.#place !== 'data') return [];
    // What follows the data chunk is no audio.
    const audio = data.subarray(0, Math.min(data.length, this.#left));
    this.#left -= audio.length;
    if (this.#compressed) return this.#compressed.decode(audio);
    const { sampleRateHz, channels } = this.#format!;
    return [{ sampleRateHz, channels, samples: this.#pcm!.push(audio) }];
  }

  async flush(): Promise<Decoded> {
    return (await this.#compressed?.flush()) ?? [];
  }

  get truncated(): boolean {
    return this.#place !== 'data' || (Number.isFinite(this.#left) && this.#left > 0);
  }

  free(): void {
    this.#compressed?.free();
  }

  /** Goes on with the header as far as the bytes reach; returns those of them that are samples already. */
  async #readHeader(bytes: Uint8Array): Promise<Uint8Array> {
    this.#buffer.push(bytes);
    while (await this.#readPart()) {
      if (this.#place === 'data') return this.#buffer.take(this.#buffer.length);
    }
    return new Uint8Array(0);
  }

  /** One part of the header; false where more bytes are needed for it. */
  async #readPart(): Promise<boolean> {
    const buffer = this.#buffer;
    if (this.#place === 'chunk') return this.#readChunk();
    if (this.#place === 'skip') {
      this.#left -= buffer.skip(this.#left);
      if (this.#left > 0) return false;
    } else {
      if (buffer.length < 12) return false;
      buffer.take(12);
    }
    this.#place = 'chunk';
    return true;
  }

  async #readChunk(): Promise<boolean> {
    const header = this.#buffer.peek(8);
    if (!header) return false;
    const view = new DataView(header.buffer, header.byteOffset, 8);
    const size = view.getUint32(4, true);
    const name = fourCc(header, 0);
    if (name === 'fmt ' || name === 'ds64') {
      if (size > 4096) throw new UserError('bad-audio', 'The WAV header is damaged.');
      const chunk = this.#buffer.peek(8 + size);
      if (!chunk) return false;
      if (name === 'fmt ') this.#format = parseFormat(chunk.slice(8));
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

  async #startData(size: number): Promise<void> {
    const format = this.#format;
    if (!format) throw new UserError('bad-audio', 'The WAV file has samples but does not say their format.');
    // Writers that cannot seek leave 0, all ones or almost 2 GiB as the size: then the end is where it ends.
    const open = size === 0 || size >= 0x7fff_0000;
    this.#left = size === 0xffff_ffff && this.#dataBytes64 ? this.#dataBytes64 : open ? Infinity : size;
    this.#place = 'data';
    const pcm = pcmFormat(format);
    if (pcm) {
      this.#pcm = new PcmDecoder(pcm, format.channels);
    } else {
      this.#compressed = await this.#openCompressed();
      await this.#compressed.decode(plainHeader(format.chunk));
    }
  }
}

function parseFormat(chunk: Uint8Array): Format {
  if (chunk.length < 16)
    throw new UserError('bad-audio', 'The WAV header is damaged: its format is cut short.');
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const stored = view.getUint16(0, true);
  const tag = stored === EXTENSIBLE && chunk.length >= 26 ? view.getUint16(24, true) : stored;
  const channels = view.getUint16(2, true);
  const sampleRateHz = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  if (channels === 0 || sampleRateHz === 0 || blockBytes === 0) {
    throw new UserError(
      'bad-audio',
      `The WAV header is damaged: it says ${channels} channels at ${sampleRateHz} Hz in blocks of ${blockBytes} bytes.`,
    );
  }
  return { tag, channels, sampleRateHz, sampleBytes: blockBytes / channels, chunk };
}

/** Size of the data chunk in a file over 4 GiB. */
function parseDs64(chunk: Uint8Array): number | undefined {
  if (chunk.length < 16) return undefined;
  return Number(new DataView(chunk.buffer, chunk.byteOffset, chunk.length).getBigUint64(8, true));
}

function pcmFormat({ tag, sampleBytes }: Format): PcmFormat | undefined {
  if (tag === PCM) return ({ 1: 'u8', 2: 's16le', 3: 's24le', 4: 's32le' } as const)[sampleBytes];
  return tag === FLOAT && sampleBytes === 4 ? 'f32le' : undefined;
}

/** A header of nothing but this format, with a data chunk of unknown length. */
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

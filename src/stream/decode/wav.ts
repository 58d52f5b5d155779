import { UserError } from '../../user-error.ts';
import { ByteBuffer, fourCc } from '../../util/bytes.ts';
import { PcmDecoder, type PcmFormat } from '../pcm.ts';
import type { Decoded, Decoder } from './decoder.ts';

/** Format tags of the `fmt ` chunk. */
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

interface Format {
  /** Tag with EXTENSIBLE resolved. */
  readonly tag: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Bytes of one stored sample of one channel: 24 bits in 4 bytes are left-justified, so they count as 4. */
  readonly sampleBytes: number;
  /** The body of the `fmt ` chunk, for the codec of compressed WAV. */
  readonly chunk: Uint8Array;
}

/**
 * WAV, RF64 and BW64 as a stream of any length. Plain PCM is decoded like raw PCM from a socket, so the same samples
 * give the same frames. Every other encoding (64-bit float, A-law, µ-law, ADPCM) goes, after a plain header, to the
 * decoder that `openCompressed` returns.
 */
export class WavDecoder implements Decoder {
  readonly #openCompressed: () => Promise<Decoder>;
  readonly #buffer = new ByteBuffer();
  #format: Format | undefined;
  #pcm: PcmDecoder | undefined;
  #compressed: Decoder | undefined;
  /** Bytes of the current chunk still to skip; in the data chunk, bytes of audio still to come. */
  #left = 0;
  #place: 'riff' | 'chunk' | 'skip' | 'data' = 'riff';
  #dataBytes64: number | undefined;

  constructor(openCompressed: () => Promise<Decoder>) {
    this.#openCompressed = openCompressed;
  }

  async decode(bytes: Uint8Array): Promise<Decoded> {
    const data = this.#place === 'data' ? bytes : await this.#readHeader(bytes);
    if (this.#place !== 'data') return [];
    // The bytes after the data chunk are not audio.
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
    if (!format) throw new UserError('bad-audio', 'The WAV file has samples but no format for them.');
    // Writers that cannot seek write 0, all ones or almost 2 GiB as the size: the samples then reach to the end.
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
      `The WAV header is damaged: it has ${channels} channels at ${sampleRateHz} Hz in blocks of ${blockBytes} bytes.`,
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

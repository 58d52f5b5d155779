import { concatBytes } from '../../util/bytes.ts';

/** The description of a track lies within the first bytes of most files. */
const MAX_HEADER_BYTES = 2 ** 20;

/** How a container states the channels of its first audio track, by format; undefined if that is not among the bytes. */
const READERS: Readonly<Record<string, (bytes: Buffer) => number | undefined>> = {
  m4a: mp4Channels,
  mp4: mp4Channels,
  mov: mp4Channels,
  mkv: matroskaChannels,
  avi: aviChannels,
};

/**
 * Decoders of MP3, and of AAC with spectral band replacement, return two equal channels for a mono track. The stated
 * number of channels tells that from a stereo track that begins with equal channels. Parametric stereo is stated as
 * mono, so from the first difference on there are two channels.
 */
export class DeclaredChannels {
  /** Undefined where nothing is left to read. */
  #read: ((bytes: Buffer) => number | undefined) | undefined;
  #stated: number | undefined;
  #bytes = new Uint8Array(0);
  #differed = false;

  /** @param stated the number of channels, where it is known already */
  constructor(type: string, stated: number | undefined) {
    this.#stated = stated;
    this.#read = stated === undefined ? READERS[type] : undefined;
  }

  /** Reads the container as far as its description of the track. */
  push(bytes: Uint8Array): void {
    if (!this.#read) return;
    this.#bytes = concatBytes(this.#bytes, bytes);
    this.#stated = this.#read(Buffer.from(this.#bytes.buffer));
    if (this.#stated !== undefined || this.#bytes.length > MAX_HEADER_BYTES) this.#stopReading();
  }

  #stopReading(): void {
    this.#read = undefined;
    this.#bytes = new Uint8Array(0);
  }

  /** @param planes [channels][frames] */
  fit(planes: readonly Float32Array[]): readonly Float32Array[] {
    // The description of a track comes before its samples.
    if (this.#read) this.#stopReading();
    if (this.#stated !== 1 || planes.length !== 2 || this.#differed) return planes;
    const [left, right] = planes as [Float32Array, Float32Array];
    this.#differed = left.some((sample, i) => sample !== right[i]);
    return this.#differed ? planes : [left];
  }
}

/** `stsd` → AudioSampleEntry (ISO 14496-12, section 12.2.3): the channel count is 20 bytes behind the entry's name. */
function mp4Channels(bytes: Buffer): number | undefined {
  for (const name of ['mp4a', '.mp3', 'ms\0\x55']) {
    const at = bytes.indexOf(`${name}\0\0\0\0\0\0`, 0, 'latin1');
    if (at >= 0 && at + 22 <= bytes.length) return bytes.readUInt16BE(at + 20);
  }
  return undefined;
}

/** The codec's name (`A_MPEG/L3`, `A_AAC`) and the element Channels (0x9F) of the same track (RFC 9559). */
function matroskaChannels(bytes: Buffer): number | undefined {
  const codec = Math.max(bytes.indexOf('A_MPEG/'), bytes.indexOf('A_AAC'));
  if (codec < 0 || codec + 512 > bytes.length) return undefined;
  for (const near of [bytes.subarray(codec, codec + 512), bytes.subarray(Math.max(0, codec - 128), codec)]) {
    // Audio (0xE1), then its elements; Channels has one byte.
    for (let at = near.indexOf(0xe1); at >= 0; at = near.indexOf(0xe1, at + 1)) {
      const channels = near.subarray(at, at + 40).indexOf(Buffer.of(0x9f, 0x81));
      if (channels >= 0) return near[at + channels + 2];
    }
  }
  return undefined;
}

/** `strh` of type `auds`, then `strf` with a WAVEFORMATEX. */
function aviChannels(bytes: Buffer): number | undefined {
  const stream = bytes.indexOf('auds');
  const format = stream < 0 ? -1 : bytes.indexOf('strf', stream);
  return format >= 0 && format + 12 <= bytes.length ? bytes.readUInt16LE(format + 10) : undefined;
}

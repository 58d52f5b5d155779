import { UserError } from '../../user-error.ts';
import { ByteBuffer } from '../../util/bytes.ts';
import { type Decoded, type Decoder, detectType, HEAD_BYTES, secondsOf } from './decoder.ts';
import { findFrames } from './mpeg-frame.ts';
import { openDecoder } from './open-decoder.ts';
import { findStart, START_BYTES } from './starts.ts';
import { tagBytes } from './tags.ts';
import { unreadable } from './unreadable.ts';

/** Sound may begin this far behind the first byte. */
const MAX_LEAD_BYTES = 64 * 1024;

/**
 * Decodes the bytes of a recording of any format, wherever in them the sound begins, and begins anew where another
 * recording follows: joined files, and stations that change their format between two songs.
 */
export class RecordingDecoder {
  readonly #name: string;
  readonly #buffer = new ByteBuffer();
  #decoder: Decoder | undefined;
  #type: string | undefined;
  #seconds = 0;
  #truncated = false;
  #skipped = 0;
  #failure: UserError | undefined;

  /** @param name the recording's name at the start of a sentence, for errors */
  constructor(name: string) {
    this.#name = name;
  }

  /** The format that is being decoded, by `detectType`; undefined before the first. */
  get type(): string | undefined {
    return this.#type;
  }

  /** Seconds of sound decoded so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Bytes so far that cannot give audio, such as tags. */
  get skipped(): number {
    return this.#skipped + (this.#decoder?.skipped ?? 0);
  }

  /** The error that ended the decoding, after the samples before it: `bad-audio`. */
  get failure(): UserError | undefined {
    return this.#failure;
  }

  decode(bytes: Uint8Array): Promise<Decoded> {
    this.#buffer.push(bytes);
    return this.#run(false);
  }

  /** The rest, after the last byte. */
  flush(): Promise<Decoded> {
    return this.#run(true);
  }

  /** After the flush: whether a container announced more audio than it had. */
  get truncated(): boolean {
    return this.#truncated || (this.#decoder?.truncated ?? false);
  }

  free(): void {
    this.#decoder?.free();
  }

  async #run(atEnd: boolean): Promise<Decoded> {
    const decoded: Decoded[number][] = [];
    if (this.#failure) return decoded;
    const add = (more: Decoded) => {
      this.#seconds += secondsOf(more);
      decoded.push(...more);
    };
    try {
      while (await this.#advance(atEnd, add));
      if (atEnd && this.#decoder) add(await this.#decoder.flush());
      if (atEnd && this.#seconds === 0) throw new Error('Nothing was decoded.');
    } catch (cause) {
      const sentence = () => unreadable(this.#name, this.#type ?? '', this.#seconds, cause);
      this.#failure = cause instanceof UserError ? cause : new UserError('bad-audio', sentence(), { cause });
    }
    return decoded;
  }

  /** One step: finds the start of a recording, or decodes up to the next. False if more bytes are needed. */
  async #advance(atEnd: boolean, add: (decoded: Decoded) => void): Promise<boolean> {
    const bytes = this.#buffer.peek(this.#buffer.length)!;
    if (bytes.length === 0) return false;
    if (!this.#decoder) {
      if (bytes.length < HEAD_BYTES && !atEnd) return false;
      return this.#begin(bytes, atEnd, add);
    }
    const next = findStart(bytes, { type: this.#type });
    // The end of the bytes may hold the first part of a start.
    const count = next ?? (atEnd ? bytes.length : bytes.length - START_BYTES);
    if (count > 0) {
      this.#buffer.skip(count);
      add(await this.#decoder.decode(bytes.subarray(0, count)));
    }
    if (next === undefined) return false;
    add(await this.#decoder.flush());
    this.#truncated ||= this.#decoder.truncated;
    this.#skipped += this.#decoder.skipped ?? 0;
    this.#decoder.free();
    this.#decoder = undefined;
    return true;
  }

  /** Opens the decoder of the recording in the bytes. False if it is not found yet. */
  async #begin(bytes: Uint8Array, atEnd: boolean, add: (decoded: Decoded) => void): Promise<boolean> {
    const start = findSound(bytes, atEnd);
    if (start === undefined && !atEnd && bytes.length < MAX_LEAD_BYTES) return false;
    if (start === undefined && this.#seconds > 0) {
      const message = `${this.#name} continues after ${this.#seconds.toFixed(1)} s with bytes that are no audio: expected one recording; get the whole file again.`;
      throw new UserError('bad-audio', message);
    }
    const head = bytes.slice(start ?? 0, (start ?? 0) + HEAD_BYTES);
    const opened = await openDecoder(head, this.#name);
    this.#buffer.skip(start ?? 0);
    ({ type: this.#type, decoder: this.#decoder } = opened);
    // The start itself must not be found again.
    const first = this.#buffer.take(Math.min(START_BYTES, this.#buffer.length));
    add(await this.#decoder.decode(first));
    return true;
  }
}

/** Where the sound begins; undefined if that cannot be found. */
function findSound(bytes: Uint8Array, atEnd: boolean): number | undefined {
  const type = detectType(bytes.subarray(0, HEAD_BYTES));
  // Two bytes are enough to look like MP3 or AAC.
  if (type && type !== 'mp3' && type !== 'aac') return 0;
  const tag = tagBytes(bytes);
  if (tag > 0 && tag < bytes.length) {
    const after = findSound(bytes.subarray(tag), atEnd);
    if (after !== undefined) return tag + after;
  }
  const frames = findFrames(bytes, 0, atEnd);
  const start = findStart(bytes, { to: frames ?? bytes.length });
  return start ?? frames ?? (type && atEnd ? 0 : undefined);
}

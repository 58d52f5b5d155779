import { UserError } from '../../user-error.ts';
import { type Decoded, secondsOf } from './decoder.ts';
import type { RecordingDecoder } from './recording.ts';

/** Bytes that would be this many seconds of the recording must not go by without audio. */
const MAX_SECONDS = 10;
/** Until the number of bytes per second is known, and at least: 2 s at 320 kbit/s. */
const MIN_BYTES = 80_000;
/** Before the first audio, where nothing but frames can come: 13 s at 320 kbit/s. */
const MAX_BYTES_BEFORE = 512 * 1024;
/** Other formats may have a cover picture, an index or another track there. */
const MAX_HEADER_BYTES = 64 * 2 ** 20;
/** Formats in which audio follows audio. In the others, the bytes of video or an index can come between. */
const CONTINUOUS = ['mp3', 'aac', 'oga'];

/** Finds input that goes on without giving audio: a decoder that has lost its stream. */
export class SilenceLimit {
  readonly #name: string;
  #bytes = 0;
  #seconds = 0;
  /** Bytes since the last audio. */
  #silent = 0;
  #skipped = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Counts one piece of input.
   *
   * @param decoded what came of it
   * @returns UserError `no-audio` if too much has gone by
   */
  check(bytes: number, decoded: Decoded, { type, skipped }: RecordingDecoder): UserError | undefined {
    const count = Math.max(0, bytes - (skipped - this.#skipped));
    this.#skipped = skipped;
    this.#bytes += count;
    this.#silent += count;
    // Time that could not be decoded is NaN.
    const audio = decoded.filter(({ samples }) => samples.length > 0 && !Number.isNaN(samples[0]));
    this.#seconds += secondsOf(audio);
    if (audio.length > 0) this.#silent = 0;
    if (this.#silent <= this.#limit(type)) return undefined;
    const message =
      this.#seconds > 0
        ? `${this.#name} has had no audio that can be decoded for the last ${MAX_SECONDS} s, after ${this.#seconds.toFixed(1)} s: its format has changed or it is damaged; open it again.`
        : `${this.#name} has no audio that can be decoded in its first ${Math.round(this.#silent / 1024)} kB: expected audio; check what it is.`;
    return new UserError('no-audio', message);
  }

  #limit(type: string | undefined): number {
    if (!type || !CONTINUOUS.includes(type)) return MAX_HEADER_BYTES;
    if (this.#seconds < 1) return type === 'mp3' || type === 'aac' ? MAX_BYTES_BEFORE : MAX_HEADER_BYTES;
    return Math.max(MIN_BYTES, (MAX_SECONDS * (this.#bytes - this.#silent)) / this.#seconds);
  }
}

import { UserError } from '../../../user-error.ts';

/**
 * Ends a broadcast whose bytes arrive but give no audio, however slowly they arrive: the decoder itself counts bytes,
 * not time. Time in which the consumer does not pull is not counted.
 */
export class AudioWatch {
  readonly #name: string;
  readonly #limitMs: number;
  #waitedMs = 0;

  /** @param limitMs how long bytes may arrive without audio */
  constructor(name: string, limitMs: number) {
    this.#name = name;
    this.#limitMs = limitMs;
  }

  /** Audio has come of the bytes. */
  audio(): void {
    this.#waitedMs = 0;
  }

  /** The same bytes. @throws UserError `no-audio` */
  async *bytes(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    let askedMs = performance.now();
    for await (const piece of input) {
      this.#waitedMs += performance.now() - askedMs;
      if (this.#waitedMs > this.#limitMs) {
        const seconds = Math.round(this.#limitMs / 1000);
        const message = `${this.#name} has sent no audio that can be decoded for ${seconds} s: its format has changed or it is damaged.`;
        throw new UserError('no-audio', message, { values: { seconds } });
      }
      yield piece;
      askedMs = performance.now();
    }
  }
}

import { concatBytes } from '../../util/bytes.ts';
import type { Decoded, Decoder } from './decoder.ts';

/**
 * Holds the start of a recording until it shows which decoder is needed, then passes everything on to it.
 */
export class HeldStart implements Decoder {
  readonly #choose: (start: Uint8Array, atEnd: boolean) => Promise<Decoder> | undefined;
  #start: Uint8Array | undefined = new Uint8Array(0);
  #decoder: Decoder | undefined;

  /** @param choose returns undefined while it needs more bytes; at the end it has to choose */
  constructor(choose: (start: Uint8Array, atEnd: boolean) => Promise<Decoder> | undefined) {
    this.#choose = choose;
  }

  decode(bytes: Uint8Array): Promise<Decoded> {
    if (this.#decoder) return this.#decoder.decode(bytes);
    this.#start = concatBytes(this.#start!, bytes);
    return this.#passOn(false);
  }

  async flush(): Promise<Decoded> {
    const decoded = this.#decoder ? [] : await this.#passOn(true);
    return [...decoded, ...(await this.#decoder!.flush())];
  }

  get truncated(): boolean {
    return this.#decoder?.truncated ?? true;
  }

  free(): void {
    this.#decoder?.free();
  }

  async #passOn(atEnd: boolean): Promise<Decoded> {
    const start = this.#start!;
    this.#decoder = await this.#choose(start, atEnd);
    if (!this.#decoder) return [];
    this.#start = undefined;
    return this.#decoder.decode(start);
  }
}

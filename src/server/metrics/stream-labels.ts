/** Streams told apart in the metrics; the rest are counted together, as senders may invent any name. */
const MAX_STREAMS = 128;
export const OTHERS = 'others';

/** The label of each stream: its name, while there are not too many. */
export class StreamLabels {
  readonly #names = new Set<string>();
  readonly #max: number;

  constructor(max = MAX_STREAMS) {
    this.#max = max;
  }

  of(stream: string): string {
    if (this.#names.has(stream)) return stream;
    if (this.#names.size >= this.#max) return OTHERS;
    this.#names.add(stream);
    return stream;
  }
}

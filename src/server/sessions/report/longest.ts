/** A stretch of time, ms since 1970. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Finds the longest stretch of what is given piece by piece, in order; pieces that nearly touch are one. */
export class Longest {
  #longest: Stretch | null = null;
  #open: { fromMs: number; toMs: number } | null = null;
  readonly #withinMs: number;

  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  add(fromMs: number, toMs: number): void {
    if (this.#open && fromMs - this.#open.toMs <= this.#withinMs) this.#open.toMs = toMs;
    else this.#open = { fromMs, toMs };
    const { fromMs: from, toMs: to } = this.#open;
    if (!this.#longest || to - from > this.#longest.toMs - this.#longest.fromMs)
      this.#longest = { fromMs: from, toMs: to };
  }

  /** The stretch ends here: what comes next begins another. */
  end(): void {
    this.#open = null;
  }

  get found(): Stretch | null {
    return this.#longest;
  }
}

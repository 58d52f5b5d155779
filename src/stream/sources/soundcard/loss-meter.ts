/** A read may come late but never early, so the earliest within this time shows where the card is. */
const WINDOW_MS = 1000;
/** Unexplained lateness under this is the machine's; where an overflow was told, less suffices. */
const MIN_UNTOLD_LOSS_MS = 150;
const MIN_TOLD_LOSS_MS = 4;
/** More is no loss but a pause: the machine slept. */
const MAX_LOSS_MS = 10_000;

/**
 * Measures by the clock how many samples a sound card lost, for the driver tells that there was an
 * overflow but not of what length. The card's time (samples counted) falls behind the clock for good
 * by what was lost, while reads that merely come late catch up again.
 */
export class LossMeter {
  readonly #rateHz: number;
  /** Samples counted: received, and lost as far as reported. */
  #samples = 0;
  /** Clock minus card in ms, at its least in the window before. */
  #reference: number | undefined;
  #least = Number.POSITIVE_INFINITY;
  #windowEndsMs: number | undefined;
  #told = false;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** The driver reported an overflow since the last read. */
  overflow(): void {
    this.#told = true;
    // What comes from here on is compared with what was before, so a new window begins.
    if (Number.isFinite(this.#least)) this.#reference ??= this.#least;
    this.#least = Number.POSITIVE_INFINITY;
    this.#windowEndsMs = undefined;
  }

  /** Samples that are lost for certain: they count as time at once. */
  known(samples: number): void {
    this.#samples += samples;
  }

  /**
   * @param samples read per channel
   * @returns samples found to be lost, up to a second after they were
   */
  read(samples: number, nowMs: number): number {
    this.#samples += samples;
    this.#windowEndsMs ??= nowMs + WINDOW_MS;
    this.#least = Math.min(this.#least, nowMs - (1000 * this.#samples) / this.#rateHz);
    if (nowMs < this.#windowEndsMs) return 0;

    const behindMs = this.#least - (this.#reference ?? this.#least);
    const threshold = this.#told ? MIN_TOLD_LOSS_MS : MIN_UNTOLD_LOSS_MS;
    const isLoss = behindMs > threshold && behindMs < MAX_LOSS_MS;
    const lost = isLoss ? Math.round((behindMs * this.#rateHz) / 1000) : 0;
    this.#samples += lost;
    // Whatever else it drifted is the card's clock against ours, and no loss.
    this.#reference = this.#least - (1000 * lost) / this.#rateHz;
    this.#least = Number.POSITIVE_INFINITY;
    this.#windowEndsMs = nowMs + WINDOW_MS;
    this.#told = false;
    return lost;
  }
}

/** A read may come late but never early, so the earliest read within this time shows the card's position. */
const WINDOW_MS = 1000;
/** Delays below this are the computer's. After a reported overflow, much shorter ones count as loss. */
const MIN_UNREPORTED_LOSS_MS = 150;
const MIN_REPORTED_LOSS_MS = 4;
/** Above this it is not a loss: the computer slept. */
const MAX_LOSS_MS = 10_000;

/**
 * Measures with the clock how many samples a sound card lost, because the driver reports an overflow but not its
 * length. Lost samples put the card's time (the count of samples) behind the clock for good, while late reads catch
 * up again.
 */
export class LossMeter {
  readonly #rateHz: number;
  /** Samples received or known to be lost. */
  #samples = 0;
  /** The minimum of clock minus card in the window before, in ms. */
  #reference: number | undefined;
  #least = Number.POSITIVE_INFINITY;
  #windowEndsMs: number | undefined;
  #overflowed = false;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** The driver reported an overflow since the last read. */
  overflow(): void {
    this.#overflowed = true;
    // The reads from here on are compared with those before, so a new window begins.
    if (Number.isFinite(this.#least)) this.#reference ??= this.#least;
    this.#least = Number.POSITIVE_INFINITY;
    this.#windowEndsMs = undefined;
  }

  /** Adds samples that are known to be lost: they count as time at once. */
  known(samples: number): void {
    this.#samples += samples;
  }

  /**
   * @param samples read, per channel
   * @returns lost samples, found up to a second after the loss
   */
  read(samples: number, nowMs: number): number {
    this.#samples += samples;
    this.#windowEndsMs ??= nowMs + WINDOW_MS;
    this.#least = Math.min(this.#least, nowMs - (1000 * this.#samples) / this.#rateHz);
    if (nowMs < this.#windowEndsMs) return 0;

    const behindMs = this.#least - (this.#reference ?? this.#least);
    const threshold = this.#overflowed ? MIN_REPORTED_LOSS_MS : MIN_UNREPORTED_LOSS_MS;
    const isLoss = behindMs > threshold && behindMs < MAX_LOSS_MS;
    const lost = isLoss ? Math.round((behindMs * this.#rateHz) / 1000) : 0;
    this.#samples += lost;
    // The rest is drift between the card's clock and the computer's, not a loss.
    this.#reference = this.#least - (1000 * lost) / this.#rateHz;
    this.#least = Number.POSITIVE_INFINITY;
    this.#windowEndsMs = nowMs + WINDOW_MS;
    this.#overflowed = false;
    return lost;
  }
}

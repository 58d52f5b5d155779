/** Speed of the springs per second: a step is followed within about half a second, without overshoot. */
const OMEGA = 7;
const STILL = 1e-4;
/** A tab that slept must not leap through its springs in one step. */
const MAX_DT_SECONDS = 0.05;

/** `size` numbers that follow their targets as critically damped springs. The arrays are reused. */
export class Glide {
  readonly values: Float64Array;
  readonly targets: Float64Array;
  readonly #speeds: Float64Array;

  constructor(size: number) {
    this.values = new Float64Array(size);
    this.targets = new Float64Array(size);
    this.#speeds = new Float64Array(size);
  }

  snap(): void {
    this.values.set(this.targets);
    this.#speeds.fill(0);
  }

  /** Moves on by `dtSeconds`; false when everything has come to rest. */
  step(dtSeconds: number): boolean {
    const dt = Math.min(dtSeconds, MAX_DT_SECONDS);
    const decay = Math.exp(-OMEGA * dt);
    let moving = false;
    for (let i = 0; i < this.values.length; i++) {
      const target = this.targets[i]!;
      const off = this.values[i]! - target;
      if (Number.isNaN(off)) {
        // From or to "unknown" there is no way to glide.
        this.values[i] = target;
        this.#speeds[i] = 0;
        continue;
      }
      const push = (this.#speeds[i]! + OMEGA * off) * dt;
      this.#speeds[i] = (this.#speeds[i]! - OMEGA * push) * decay;
      this.values[i] = target + (off + push) * decay;
      if (Math.abs(off) > STILL || Math.abs(this.#speeds[i]!) > STILL) moving = true;
    }
    if (!moving) this.snap();
    return moving;
  }
}

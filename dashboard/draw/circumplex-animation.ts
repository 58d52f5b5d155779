import { type EmotionFrame, FORECAST_HORIZONS } from '../../src/types.ts';

/** Index of each animated number. The forecast of horizon `h` starts at `FORECAST + h · PER_HORIZON`. */
export const VALENCE = 0;
export const AROUSAL = 1;
export const VALENCE_SD = 2;
export const AROUSAL_SD = 3;
/** 1: the emotion is current; 0: the point stays at the last known position. */
export const KNOWN = 4;
/** 1: there is a forecast. */
export const HAS_FORECAST = 5;
export const FORECAST = 6;
/** Valence, arousal, then center and half-width of the 90 % interval on each axis. */
export const PER_HORIZON = 6;
export const HORIZONS = FORECAST_HORIZONS.length;
/** The plane ends at ± this. */
export const LIMIT = FORECAST + HORIZONS * PER_HORIZON;
const SIZE = LIMIT + 1;

/** Angular frequency of the springs in rad/s: they follow a step within about half a second, without overshoot. */
const OMEGA = 7;
/** Offset and speed below which a spring is at rest. */
const REST = 1e-4;
/** Longest time step, so that a tab that was suspended does not jump. */
const MAX_DT_SECONDS = 0.05;

/** Everything that moves on the plane, as critically damped springs. The arrays are reused. */
export class CircumplexAnimation {
  /** [SIZE], by the indexes above; valence and arousal are NaN before any emotion is known. */
  readonly values = new Float64Array(SIZE);
  readonly #targets = new Float64Array(SIZE);
  readonly #speeds = new Float64Array(SIZE);

  constructor(limit: number) {
    this.#targets.fill(Number.NaN);
    this.#targets[LIMIT] = limit;
    this.snap();
  }

  /** Lets the plane end at ± `limit`. */
  setLimit(limit: number): void {
    this.#targets[LIMIT] = limit;
  }

  /** Moves towards `frame`, or towards `lastMusic` in gray if `frame` has no emotion. */
  setTarget(frame: EmotionFrame | null, lastMusic: EmotionFrame | null, current: boolean): void {
    const targets = this.#targets;
    const known = frame?.valence != null && current;
    const shown = frame?.valence != null ? frame : lastMusic;
    targets[KNOWN] = known ? 1 : 0;
    targets[HAS_FORECAST] = known && frame.forecast.length === HORIZONS ? 1 : 0;
    targets[VALENCE] = shown?.valence ?? Number.NaN;
    targets[AROUSAL] = shown?.arousal ?? Number.NaN;
    targets[VALENCE_SD] = shown?.valenceSd ?? 0;
    targets[AROUSAL_SD] = shown?.arousalSd ?? 0;
    if (shown === null) return;
    for (let h = 0; h < HORIZONS; h++) {
      const forecast = shown.forecast[h];
      if (forecast === undefined) continue;
      const at = FORECAST + h * PER_HORIZON;
      targets[at] = forecast.valence;
      targets[at + 1] = forecast.arousal;
      targets[at + 2] = (forecast.valenceLow + forecast.valenceHigh) / 2;
      targets[at + 3] = (forecast.arousalLow + forecast.arousalHigh) / 2;
      targets[at + 4] = (forecast.valenceHigh - forecast.valenceLow) / 2;
      targets[at + 5] = (forecast.arousalHigh - forecast.arousalLow) / 2;
    }
  }

  /** Jumps to the target. */
  snap(): void {
    this.values.set(this.#targets);
    this.#speeds.fill(0);
  }

  /** Advances by `dtSeconds`; false when everything is at rest. */
  step(dtSeconds: number): boolean {
    const dt = Math.min(dtSeconds, MAX_DT_SECONDS);
    const decay = Math.exp(-OMEGA * dt);
    let moving = false;
    for (let i = 0; i < SIZE; i++) {
      const target = this.#targets[i]!;
      const offset = this.values[i]! - target;
      if (Number.isNaN(offset)) {
        // From or to "unknown" there is no path.
        this.values[i] = target;
        this.#speeds[i] = 0;
        continue;
      }
      const push = (this.#speeds[i]! + OMEGA * offset) * dt;
      this.#speeds[i] = (this.#speeds[i]! - OMEGA * push) * decay;
      this.values[i] = target + (offset + push) * decay;
      if (Math.abs(offset) > REST || Math.abs(this.#speeds[i]!) > REST) moving = true;
    }
    if (!moving) this.snap();
    return moving;
  }
}

import { uptime } from 'node:os';

/** A change of the wall clock that time itself does not explain. */
export interface ClockStep {
  /** How far the clock was set: positive forward, negative back. */
  readonly seconds: number;
  /** The clock shows the same time as at the last check: it stands still. */
  readonly still: boolean;
  /** `Date.now()` after the change. */
  readonly timeMs: number;
}

export interface ClockWatchOptions {
  /** The clock that can be set, ms since 1970. */
  readonly wall?: () => number;
  /** A clock that only runs forward, in ms. It may pause while the computer sleeps. */
  readonly steady?: () => number;
  /** Seconds since the computer started, including its sleep. */
  readonly uptime?: () => number;
}

/** Smaller differences are no change: the two clocks are read one after the other. */
const STEP_MS = 250;
/** The clocks are compared over spans of this length, so that slow drift (50 ppm is 4 s a day) is no change. */
const SPAN_MS = 10_000;
/** Two readings that are further apart were interrupted, and are repeated. */
const READ_MS = 5;
const READS = 5;
/** `uptime` counts in whole seconds on some systems. */
const SLEEP_MS = 2_000;
/** A clock that stands still changes with every check: after this many in a row, only one change a minute is reported. */
const BURST = 600;
const BURST_GAP_MS = 2_000;
const SPARSE_MS = 60_000;

/**
 * Detects that the wall clock was set, by comparing it with the monotonic clock. Time that the computer slept is no
 * change: the clock went on, and `uptime` with it. `check` is cheap and to be called often.
 */
export class ClockWatch {
  readonly #wall: () => number;
  readonly #steady: () => number;
  readonly #uptime: () => number;
  #wallMs = 0;
  #steadyMs = 0;
  #uptimeMs = 0;
  #burst = 0;
  #changedMs = Number.NEGATIVE_INFINITY;

  constructor(options: ClockWatchOptions = {}) {
    this.#wall = options.wall ?? Date.now;
    this.#steady = options.steady ?? (() => performance.now());
    this.#uptime = options.uptime ?? uptime;
    const [wallMs, steadyMs] = this.#read() ?? [this.#wall(), this.#steady()];
    this.#restart(wallMs, steadyMs);
  }

  /** The change since the last check, if there was one. */
  check(): ClockStep | undefined {
    const reading = this.#read();
    if (!reading) return undefined;
    const [wallMs, steadyMs] = reading;
    const passedMs = steadyMs - this.#steadyMs;
    let differenceMs = wallMs - this.#wallMs - passedMs;
    if (Math.abs(differenceMs) < STEP_MS) {
      if (passedMs >= SPAN_MS) this.#restart(wallMs, steadyMs);
      return undefined;
    }
    const sleptMs = this.#uptime() * 1000 - this.#uptimeMs - passedMs;
    if (sleptMs >= SLEEP_MS) differenceMs -= sleptMs;
    if (Math.abs(differenceMs) < (sleptMs >= SLEEP_MS ? SLEEP_MS : STEP_MS)) {
      this.#restart(wallMs, steadyMs);
      return undefined;
    }
    const inBurst = steadyMs - this.#changedMs < BURST_GAP_MS + (this.#burst > BURST ? SPARSE_MS : 0);
    if (inBurst && this.#burst > BURST && passedMs < SPARSE_MS) return undefined;
    this.#burst = inBurst ? this.#burst + 1 : 0;
    this.#changedMs = steadyMs;
    const still = wallMs === this.#wallMs;
    this.#restart(wallMs, steadyMs);
    return { seconds: Math.round(differenceMs) / 1000, still, timeMs: wallMs };
  }

  #restart(wallMs: number, steadyMs: number): void {
    this.#wallMs = wallMs;
    this.#steadyMs = steadyMs;
    this.#uptimeMs = this.#uptime() * 1000;
  }

  /** Both clocks at one moment; undefined if every reading was interrupted. */
  #read(): readonly [wallMs: number, steadyMs: number] | undefined {
    for (let i = 0; i < READS; i++) {
      const beforeMs = this.#steady();
      const wallMs = this.#wall();
      if (this.#steady() - beforeMs <= READ_MS) return [wallMs, beforeMs];
    }
    return undefined;
  }
}

import type { FftPlans } from './fft.ts';
import type { Grid, GridSpectrum } from './grid-spectrum.ts';
import { sharedSpectrum } from './shared-spectrum.ts';

/** When the frames start. Units are 1/`grid.phases` of a sample. */
export interface FrameTimes {
  readonly grid: Grid;
  /** Units from the start of one frame to the start of the next, a whole number. */
  readonly hop: number;
  /** Start of frame 0 in units, a whole number; if it is negative, zeros precede the first sample. */
  readonly offset?: number;
}

/** The samples that later frames still need, and the counts since the start. */
export interface GridFramesState {
  /** Samples received, and the zeros before them. */
  readonly samples: number;
  /** Frames computed. */
  readonly frames: number;
  /** The newest samples, starting with the first that the next frame needs. */
  readonly pending: Float32Array;
}

/** Longer inputs are processed piece by piece. */
const PIECE_SECONDS = 0.1;

/**
 * Power spectra of overlapping windows on a fixed grid of times and frequencies, from mono samples at any rate (see
 * GridSpectrum). The result does not depend on how the samples are cut.
 */
export class GridFrames {
  readonly #spectrum: GridSpectrum;
  readonly #phases: number;
  readonly #hop: number;
  readonly #offset: number;
  readonly #buffer: Float32Array;
  #filled: number;
  #samples: number;
  #frames = 0;

  /** @param sampleRateHz may be a fraction: a whole rate divided by a power of 2 */
  constructor(
    plans: FftPlans,
    sampleRateHz: number,
    { grid, hop, offset = 0 }: FrameTimes,
    state?: GridFramesState,
  ) {
    this.#spectrum = sharedSpectrum(plans, sampleRateHz, grid);
    this.#phases = grid.phases;
    this.#hop = hop;
    const lead = Math.max(0, Math.ceil(-offset / grid.phases));
    this.#offset = offset + lead * grid.phases;
    this.#buffer = new Float32Array(Math.ceil((grid.windowSeconds + PIECE_SECONDS) * sampleRateHz) + 2);
    this.#filled = state?.pending.length ?? lead;
    this.#samples = state?.samples ?? lead;
    if (!state) return;
    this.#frames = state.frames;
    this.#buffer.set(state.pending);
  }

  get state(): GridFramesState {
    return {
      samples: this.#samples,
      frames: this.#frames,
      pending: this.#buffer.slice(0, this.#filled),
    };
  }

  /** Calls `onPower` with [bins] for each frame that the samples complete. The array is reused: copy it. */
  push(mono: Float32Array, onPower: (power: Float32Array) => void): void {
    for (let at = 0; at < mono.length; ) {
      const take = Math.min(mono.length - at, this.#buffer.length - this.#filled);
      this.#buffer.set(take === mono.length ? mono : mono.subarray(at, at + take), this.#filled);
      this.#filled += take;
      this.#samples += take;
      at += take;
      this.#drain(onPower);
    }
  }

  #drain(onPower: (power: Float32Array) => void): void {
    const bufferStart = this.#samples - this.#filled;
    let from = 0;
    while (true) {
      const start = this.#offset + this.#frames * this.#hop;
      const first = Math.ceil(start / this.#phases);
      const phase = first * this.#phases - start;
      from = first - bufferStart;
      if (from + this.#spectrum.spanOf(phase) > this.#filled) break;
      this.#spectrum.compute(this.#buffer, from, phase);
      this.#frames++;
      onPower(this.#spectrum.power);
    }
    // If the hop is longer than the pending samples, `from` is after the newest one.
    const drop = Math.min(from, this.#filled);
    this.#buffer.copyWithin(0, drop, this.#filled);
    this.#filled -= drop;
  }
}

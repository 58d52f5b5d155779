/** The level of one channel in dBFS; null for digital silence. */
export interface ChannelLevel {
  /** Root mean square: −3 for a full-scale sine. */
  readonly rms: number | null;
  /** Highest sample. */
  readonly peak: number | null;
}

const INTERVAL_SECONDS = 0.1;

/** Levels of interleaved samples, each 0.1 s. */
export class LevelMeter {
  readonly #channels: number;
  readonly #frames: number;
  readonly #squares: Float64Array;
  readonly #peaks: Float64Array;
  #count = 0;

  constructor(sampleRateHz: number, channels: number) {
    this.#channels = channels;
    this.#frames = Math.round(INTERVAL_SECONDS * sampleRateHz);
    this.#squares = new Float64Array(channels);
    this.#peaks = new Float64Array(channels);
  }

  /** Yields the levels of each interval that the samples complete. */
  *push(samples: Float32Array): Generator<ChannelLevel[], void, undefined> {
    const channels = this.#channels;
    for (let at = 0; at < samples.length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const value = samples[at + c]!;
        this.#squares[c]! += value * value;
        this.#peaks[c] = Math.max(this.#peaks[c]!, Math.abs(value));
      }
      if (++this.#count === this.#frames) yield this.#take();
    }
  }

  #take(): ChannelLevel[] {
    const levels = Array.from({ length: this.#channels }, (_, c) => ({
      rms: decibels(Math.sqrt(this.#squares[c]! / this.#count)),
      peak: decibels(this.#peaks[c]!),
    }));
    this.#squares.fill(0);
    this.#peaks.fill(0);
    this.#count = 0;
    return levels;
  }
}

const decibels = (value: number): number | null =>
  value > 0 ? Math.round(200 * Math.log10(value)) / 10 : null;

import { besselI0 } from '../bessel.ts';

/** The samples that later outputs of each stage still need. */
export type DecimatorState = readonly Float32Array[];

/** Attenuation of what would fold into the wanted band, dB. */
const ATTENUATION_DB = 80;
/** Longer inputs are processed piece by piece. */
const PIECE = 4096;
const LEAST_SIDES = 4;

/** How often a rate can be halved so that the result is at least `leastHz`. */
export function halvings(sampleRateHz: number, leastHz: number): number {
  return Math.max(0, Math.floor(Math.log2(sampleRateHz / leastHz)));
}

/**
 * Halves the sample rate several times by half-band filters (Kaiser windows; Oppenheim & Schafer, Discrete-Time Signal
 * Processing, 7.5). Sample m of the result belongs to the time of sample m · 2ⁿ of the input: the filters have no
 * phase, and look up to 2.5 ms ahead instead. Frequencies up to `passHz` are kept.
 */
export class Decimator {
  readonly #stages: HalfBand[] = [];

  constructor(sampleRateHz: number, stages: number, passHz: number, state?: DecimatorState) {
    for (let s = 0; s < stages; s++) {
      // From passHz to its mirror image at half the rate, in cycles per sample.
      const transition = 0.5 - (2 * passHz) / (sampleRateHz / 2 ** s);
      this.#stages.push(new HalfBand(transition, Math.ceil(PIECE / 2 ** s), state?.[s]));
    }
  }

  get state(): DecimatorState {
    return this.#stages.map((stage) => stage.pending);
  }

  /** Calls `onSamples` with the samples at the lower rate. The array is reused: copy it. */
  push(mono: Float32Array, onSamples: (samples: Float32Array) => void): void {
    for (let at = 0; at < mono.length; at += PIECE) {
      let samples = mono.subarray(at, at + PIECE);
      for (const stage of this.#stages) samples = stage.push(samples);
      onSamples(samples);
    }
  }
}

/** One halving: every second output of a filter whose even coefficients are 0 but for the middle one. */
class HalfBand {
  /** Coefficients at the distances 1, 3, 5, … from the middle; the middle one is 0.5. */
  readonly #sides: Float64Array;
  readonly #reach: number;
  /** From the first sample that the next output needs. */
  readonly #buffer: Float32Array;
  readonly #out: Float32Array;
  #filled: number;

  /**
   * @param transition width of the transition band in cycles per sample
   * @param longest most samples of one push
   */
  constructor(transition: number, longest: number, pending?: Float32Array) {
    this.#sides = halfBandSides(transition);
    this.#reach = 2 * this.#sides.length - 1;
    this.#buffer = new Float32Array(2 * this.#reach + 1 + longest);
    this.#out = new Float32Array((longest >> 1) + 1);
    this.#filled = pending?.length ?? this.#reach; // zeros before the first sample
    if (pending) this.#buffer.set(pending);
  }

  get pending(): Float32Array {
    return this.#buffer.slice(0, this.#filled);
  }

  push(samples: Float32Array): Float32Array {
    const buffer = this.#buffer;
    const sides = this.#sides;
    const [side1, side3, side5, side7] = sides as unknown as readonly [number, number, number, number];
    const out = this.#out;
    const reach = this.#reach;
    buffer.set(samples, this.#filled);
    this.#filled += samples.length;
    const last = this.#filled - 1 - reach;
    let count = 0;
    let middle = reach;
    for (; middle <= last; middle += 2) {
      // LEAST_SIDES = 4, written out: at 192 kHz this is most of the cost.
      let sum =
        0.5 * buffer[middle]! +
        side1 * (buffer[middle - 1]! + buffer[middle + 1]!) +
        side3 * (buffer[middle - 3]! + buffer[middle + 3]!) +
        side5 * (buffer[middle - 5]! + buffer[middle + 5]!) +
        side7 * (buffer[middle - 7]! + buffer[middle + 7]!);
      for (let i = LEAST_SIDES, d = 9; i < sides.length; i++, d += 2) {
        sum += sides[i]! * (buffer[middle - d]! + buffer[middle + d]!);
      }
      out[count++] = sum;
    }
    const drop = middle - reach;
    buffer.copyWithin(0, drop, this.#filled);
    this.#filled -= drop;
    return out.subarray(0, count);
  }
}

/** Kaiser's design: the length follows from attenuation and transition, a sinc under the window is scaled to pass 0 Hz. */
function halfBandSides(transition: number): Float64Array {
  const length = (ATTENUATION_DB - 7.95) / (2.285 * 2 * Math.PI * transition) + 1;
  const pairs = Math.max(LEAST_SIDES, Math.ceil((length + 1) / 4));
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);
  const sides = Float64Array.from({ length: pairs }, (_, i) => {
    const d = 2 * i + 1;
    const window = besselI0(beta * Math.sqrt(1 - (d / (2 * pairs)) ** 2)) / besselI0(beta);
    return (Math.sin((Math.PI * d) / 2) / (Math.PI * d)) * window;
  });
  const sum = sides.reduce((all, side) => all + side, 0);
  return sides.map((side) => (0.25 * side) / sum);
}

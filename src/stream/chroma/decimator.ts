import { besselI0 } from '../bessel.ts';
import { createKernels } from '../kernels/kernels.ts';

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
      this.#stages.push(new HalfBand(transition, state?.[s]));
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
  readonly #sides: Float32Array;
  readonly #reach: number;
  /** From the first sample that the next output needs. */
  #pending: Float32Array;

  /** @param transition width of the transition band in cycles per sample */
  constructor(transition: number, pending?: Float32Array) {
    this.#sides = Float32Array.from(halfBandSides(transition));
    this.#reach = 2 * this.#sides.length - 1;
    this.#pending = pending?.slice() ?? new Float32Array(this.#reach); // zeros before the first sample
  }

  get pending(): Float32Array {
    return this.#pending.slice();
  }

  /** @param samples at most PIECE; the result is a view of shared memory: copy it */
  push(samples: Float32Array): Float32Array {
    scratch ??= createScratch();
    const { input, sides, output } = scratch;
    const before = this.#pending.length;
    const filled = before + samples.length;
    // In this order: the samples may be the output of the stage before.
    input.set(samples, before);
    input.set(this.#pending);
    sides.set(this.#sides);
    const count = Math.max(0, Math.ceil((filled - 2 * this.#reach) / 2));
    scratch.filter(filled, this.#sides.length, count);
    const left = filled - 2 * count;
    if (this.#pending.length !== left) this.#pending = new Float32Array(left);
    this.#pending.set(input.subarray(2 * count, filled));
    return output.subarray(0, count);
  }
}

/** More coefficients than any filter has, on one side; the narrowest transition is that of 5.5 kHz. */
const MAX_SIDES = 256;
const MAX_INPUT = PIECE + 4 * MAX_SIDES;

/** One for all streams of the thread: it holds nothing between two calls. */
let scratch: ReturnType<typeof createScratch> | undefined;

function createScratch() {
  const [evenAt, oddAt] = [4 * (MAX_INPUT + 8), 4 * (1.5 * MAX_INPUT + 16)];
  const sidesAt = 4 * (2 * MAX_INPUT + 24);
  const outputAt = sidesAt + 4 * MAX_SIDES;
  const kernels = createKernels(outputAt + 4 * (MAX_INPUT / 2 + 8));
  return {
    input: kernels.floats(0, MAX_INPUT + 8),
    sides: kernels.floats(sidesAt, MAX_SIDES),
    output: kernels.floats(outputAt, MAX_INPUT / 2),
    filter(filled: number, sideCount: number, count: number) {
      kernels.halfBand(0, filled, evenAt, oddAt, sidesAt, sideCount, outputAt, count);
    },
  };
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

/** Delays of Schroeder's design in seconds, prime to each other in samples at the usual rates. */
const COMB_SECONDS = [0.0297, 0.0371, 0.0411, 0.0437];
const ALLPASS_SECONDS = [0.005, 0.0017];
const FEEDBACK = 0.82;
/** Each echo loses some of its high frequencies, as in a room. */
const DAMPING = 0.35;
/** The right channel has slightly longer delays, which widens the sound. */
const SPREAD_SECONDS = 0.0006;

/** Adds reverberation to both channels, in place; `amount` 0 … 1. */
export interface Reverb {
  process(left: Float32Array, right: Float32Array, amount: number): void;
}

export function createReverb(sampleRateHz: number): Reverb {
  const sides = [createSide(sampleRateHz, 0), createSide(sampleRateHz, SPREAD_SECONDS)] as const;
  return {
    process(left, right, amount) {
      for (let i = 0; i < left.length; i++) {
        const send = (left[i]! + right[i]!) * 0.5;
        left[i] = left[i]! + amount * sides[0](send);
        right[i] = right[i]! + amount * sides[1](send);
      }
    },
  };
}

/** Four combs in parallel, two all-passes in series. */
function createSide(sampleRateHz: number, spread: number): (input: number) => number {
  const combs = COMB_SECONDS.map((seconds) => createComb(Math.round((seconds + spread) * sampleRateHz)));
  const allpasses = ALLPASS_SECONDS.map((seconds) =>
    createAllpass(Math.round((seconds + spread) * sampleRateHz)),
  );
  const [a, b, c, d] = combs as [Filter, Filter, Filter, Filter];
  const [first, second] = allpasses as [Filter, Filter];
  return (input) => second(first(0.25 * (a(input) + b(input) + c(input) + d(input))));
}

type Filter = (input: number) => number;

function createComb(delay: number): Filter {
  const line = new Float32Array(delay);
  let at = 0;
  let low = 0;
  return (input) => {
    const output = line[at]!;
    low = output * (1 - DAMPING) + low * DAMPING;
    line[at] = input + FEEDBACK * low;
    at = at + 1 === delay ? 0 : at + 1;
    return output;
  };
}

function createAllpass(delay: number): Filter {
  const line = new Float32Array(delay);
  let at = 0;
  return (input) => {
    const delayed = line[at]!;
    line[at] = input + 0.5 * delayed;
    at = at + 1 === delay ? 0 : at + 1;
    return delayed - 0.5 * input;
  };
}

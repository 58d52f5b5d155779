import { Matrix, solve } from 'ml-matrix';

/** Pairs that are looked back at: 5 s. */
export const PAIRS = 10;
const INPUTS = 2 * (PAIRS - 1) + 3;

/** A run of (valence, arousal) pairs, one every 500 ms: [n, 2] row-major. */
export type PairSeries = Float64Array;

/**
 * Says how a pair moves on, from itself and the nine before it alone: last pair + a linear function of the nine
 * differences and of the last pair, learned by ridge regression. What can be known of a curve's future without
 * hearing the music.
 */
export class PairForecaster {
  readonly #weights: Matrix; // [INPUTS, 2]

  private constructor(weights: Matrix) {
    this.#weights = weights;
  }

  /**
   * @param songs one run for each song; those with too few pairs teach nothing
   * @param ahead steps of 500 ms
   * @param ridge weight of the penalty on each coefficient, in units of its input's variance
   * @throws RangeError where no song is long enough
   */
  static fit(songs: readonly PairSeries[], ahead: number, ridge = 1e-3): PairForecaster {
    const gram = Matrix.zeros(INPUTS, INPUTS);
    const moment = Matrix.zeros(INPUTS, 2);
    let count = 0;
    for (const song of songs) {
      for (const { inputs, later, now } of windowsOf(song, ahead)) {
        count++;
        for (let i = 0; i < INPUTS; i++) {
          for (let j = 0; j < INPUTS; j++) gram.set(i, j, gram.get(i, j) + inputs[i]! * inputs[j]!);
          for (const axis of [0, 1]) {
            moment.set(i, axis, moment.get(i, axis) + inputs[i]! * (later[axis]! - now[axis]!));
          }
        }
      }
    }
    if (count === 0) throw new RangeError(`no song has ${PAIRS + ahead} pairs to learn from`);
    for (let i = 0; i < INPUTS; i++) gram.set(i, i, gram.get(i, i) * (1 + ridge) + 1e-9);
    return new PairForecaster(solve(gram, moment));
  }

  /** @param pairs at least the last ten, oldest first: [n, 2] */
  predict(pairs: Float64Array): [valence: number, arousal: number] {
    const inputs = inputsOf(pairs, pairs.length / 2);
    const change = [0, 1].map((axis) =>
      inputs.reduce((sum, value, i) => sum + value * this.#weights.get(i, axis), 0),
    );
    return [pairs.at(-2)! + change[0]!, pairs.at(-1)! + change[1]!];
  }
}

export interface PairWindow {
  readonly inputs: Float64Array;
  readonly now: readonly [number, number];
  readonly later: readonly [number, number];
}

/** Every ten pairs of a song, and the pair `ahead` steps after them. */
export function* windowsOf(song: PairSeries, ahead: number): Generator<PairWindow> {
  const pair = (at: number) => [song[2 * at]!, song[2 * at + 1]!] as const;
  for (let end = PAIRS; end + ahead <= song.length / 2; end++) {
    yield { inputs: inputsOf(song, end), now: pair(end - 1), later: pair(end - 1 + ahead) };
  }
}

/** Differences of the ten pairs before `end`, the last of them, and 1. */
function inputsOf(song: Float64Array, end: number): Float64Array {
  const inputs = new Float64Array(INPUTS);
  const first = 2 * (end - PAIRS);
  for (let i = 0; i < 2 * (PAIRS - 1); i++) inputs[i] = song[first + i + 2]! - song[first + i]!;
  inputs[INPUTS - 3] = song[2 * end - 2]!;
  inputs[INPUTS - 2] = song[2 * end - 1]!;
  inputs[INPUTS - 1] = 1;
  return inputs;
}

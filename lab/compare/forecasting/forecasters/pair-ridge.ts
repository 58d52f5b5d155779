import { Matrix, solve } from 'ml-matrix';
import type { Forecaster } from '../forecaster.ts';
import { PAIRS, type PairSeries } from '../pair-windows.ts';

/** Nine differences and the last pair of both axes, and a constant. */
const INPUTS = 2 * (PAIRS - 1) + 3;

/** This project's forecast of a known curve. */
export const ours: Forecaster = {
  name: 'ours',
  title: 'undertone, from pairs',
  about: 'The last pair plus a predicted change: ridge regression on the nine differences and the last pair.',
  version: '1',
  async train({ training, ahead }) {
    const runs = training.songs.flatMap((song) => song.runs);
    const fits = ahead.map((steps) => PairForecaster.fit(runs, steps));
    return ({ pairs, count }) => {
      const predicted = new Float32Array(count * 2 * ahead.length);
      for (let i = 0; i < count; i++) {
        const window = Float64Array.from(pairs.subarray(i * 2 * PAIRS, (i + 1) * 2 * PAIRS));
        for (const [k, fit] of fits.entries()) predicted.set(fit.predict(window), 2 * (i * ahead.length + k));
      }
      return predicted;
    };
  },
};

/**
 * Forecasts a pair from the ten pairs before it: the last pair plus a linear function of the nine differences and the last
 * pair, fitted by ridge regression. It shows how much of a curve's future its past predicts, without any audio.
 */
export class PairForecaster {
  readonly #weights: Matrix; // [INPUTS, 2]

  private constructor(weights: Matrix) {
    this.#weights = weights;
  }

  /**
   * @param songs runs of pairs; runs that are too short are ignored
   * @param ahead steps of 500 ms
   * @param ridge weight of the penalty on each coefficient, in units of its input's variance
   * @throws RangeError when no run is long enough
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
    if (count === 0) throw new RangeError(`no song has the ${PAIRS + ahead} pairs that training needs`);
    for (let i = 0; i < INPUTS; i++) gram.set(i, i, gram.get(i, i) * (1 + ridge) + 1e-9);
    return new PairForecaster(solve(gram, moment));
  }

  /** @param pairs [n, 2], oldest first, at least ten */
  predict(pairs: Float64Array): [valence: number, arousal: number] {
    const inputs = inputsOf(pairs, pairs.length / 2);
    const change = [0, 1].map((axis) =>
      inputs.reduce((sum, value, i) => sum + value * this.#weights.get(i, axis), 0),
    );
    return [pairs.at(-2)! + change[0]!, pairs.at(-1)! + change[1]!];
  }
}

interface PairWindow {
  readonly inputs: Float64Array;
  readonly now: readonly [number, number];
  readonly later: readonly [number, number];
}

/** All windows of ten successive pairs of a run, with the pair `ahead` steps after each. */
export function* windowsOf(song: PairSeries, ahead: number): Generator<PairWindow> {
  const pair = (at: number) => [song[2 * at]!, song[2 * at + 1]!] as const;
  for (let end = PAIRS; end + ahead <= song.length / 2; end++) {
    yield { inputs: inputsOf(song, end), now: pair(end - 1), later: pair(end - 1 + ahead) };
  }
}

/** Inputs of the regression from the ten pairs before index `end`. */
function inputsOf(song: Float64Array, end: number): Float64Array {
  const inputs = new Float64Array(INPUTS);
  const first = 2 * (end - PAIRS);
  for (let i = 0; i < 2 * (PAIRS - 1); i++) inputs[i] = song[first + i + 2]! - song[first + i]!;
  inputs[INPUTS - 3] = song[2 * end - 2]!;
  inputs[INPUTS - 2] = song[2 * end - 1]!;
  inputs[INPUTS - 1] = 1;
  return inputs;
}

import type { Engine } from '../../../src/model/engine.ts';
import { PAIRS, type PairWindows } from './pair-windows.ts';

/** Everything that a forecaster may use for training. */
export interface ForecastTask {
  readonly training: PairWindows;
  /** Steps ahead, one for each column pair of `later`. */
  readonly ahead: readonly number[];
  readonly engine: Engine;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Train with the fewest epochs that still learn: for tests. */
  readonly brief?: true;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Forecasts the pairs after each window: [count, 2 · ahead.length]. */
export type Forecast = (windows: PairWindows) => Float32Array;

/** Forecasts valence and arousal from ten past pairs, half a second apart. */
export interface Forecaster {
  readonly name: string;
  readonly title: string;
  /** Description, one sentence. */
  readonly about: string;
  /** Must change whenever the forecasts change, so that stored results are not reused. */
  readonly version: string;
  /** Undefined when `signal` aborted it. */
  train(task: ForecastTask): Promise<Forecast | undefined>;
}

/** Repeats the last pair: the reference for the skill of all others. */
export const persistence: Forecaster = {
  name: 'persistence',
  title: 'persistence',
  about: 'Repeats the last pair.',
  version: '1',
  async train({ ahead }) {
    return ({ pairs, count }) => {
      const predicted = new Float32Array(count * 2 * ahead.length);
      for (let i = 0; i < predicted.length; i++) {
        const window = Math.floor(i / (2 * ahead.length));
        predicted[i] = pairs[(window + 1) * 2 * PAIRS - 2 + (i % 2)]!;
      }
      return predicted;
    };
  },
};

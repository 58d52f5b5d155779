import type { Engine } from '../../../src/model/engine.ts';
import type { PairWindows } from './pair-windows.ts';

/** What a forecaster may use. */
export interface ForecastTask {
  readonly learned: PairWindows;
  /** Steps ahead, one for each column pair of `later`. */
  readonly ahead: readonly number[];
  readonly engine: Engine;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly brief?: true;
  readonly onProgress?: (done: number, of: number) => void;
}

/** [count, 2 · steps ahead] what is said of windows. */
export type Forecasts = (windows: PairWindows) => Float32Array;

/** Says from ten pairs of valence and arousal, half a second apart, what pairs will come. */
export interface Forecaster {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Changes whenever it would say otherwise. */
  readonly version: string;
  /** Undefined where `signal` ended it. */
  learn(task: ForecastTask): Promise<Forecasts | undefined>;
}

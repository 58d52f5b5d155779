import type { Engine } from '../../src/model/engine.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Scheme } from '../evaluate/classes.ts';
import type { ScoredStep } from '../evaluate/scored-steps.ts';
import type { Fold } from '../train/protocol.ts';

/** Everything a system may use to train on the training songs of a fold and to predict its evaluated songs. */
export interface FoldTask {
  readonly fold: Fold;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  /** Folder of cached features. */
  readonly cacheFolder: string;
  readonly seed: number;
  /** Name of a training recipe, for systems that have several. Default: the recipe of each system. */
  readonly recipe?: string;
  /** Train with the fewest epochs, trees and rounds that still learn: for tests, never for figures. */
  readonly brief?: true;
  /** Aborts after the current piece of work; the prediction is then undefined. */
  readonly signal: AbortSignal;
  /** Reports progress in the fold: `done` of `of` pieces of work. */
  readonly onProgress: (done: number, of: number) => void;
}

/** Training loss of one epoch, and RMSE over both axes on validation songs for systems that have them. */
export interface CurvePoint {
  readonly epoch: number;
  readonly loss: number;
  readonly validation?: number;
}

export interface FoldPrediction {
  /**
   * Every labeled step of the evaluated clips, in the order of the data set's clips, each clip from a fresh state.
   * A system that does not predict its sd uses its RMSE on validation songs.
   */
  readonly steps: readonly ScoredStep[];
  /**
   * Class probabilities, [steps, 4] for each scheme, of a system that was trained as a classifier too. Absent: classes
   * follow from the predicted point and its sd.
   */
  readonly classes?: Readonly<Record<Scheme, Float32Array>>;
  /** Absent for systems that are not trained in epochs. */
  readonly curve?: readonly CurvePoint[];
  readonly cost: SystemCost;
}

export interface SystemCost {
  /** Number of trained parameters. */
  readonly parameters: number;
  /** Size of the stored model, including pretrained parts such as taggers. */
  readonly bytes: number;
  /**
   * Median time in ms of one step of one stream, without feature extraction. NaN for systems that cannot run live or
   * that have a `stepMs`.
   */
  readonly msPerStep: number;
}

/** One row of the comparison. */
export interface System {
  /** Name for `--systems`; lower case and hyphens. */
  readonly name: string;
  /** Name in tables. */
  readonly title: string;
  /** Description and source, one sentence. */
  readonly about: string;
  /** Must change whenever the same task would give another prediction, so that stored predictions are not reused. */
  readonly version: string;
  /** Set for a system that uses information that is not available in live use: a reference, not a competitor. */
  readonly oracle?: true;
  /** Trains on the fold and predicts its evaluated songs. Undefined when `signal` aborted it. */
  predict(task: FoldTask): Promise<FoldPrediction | undefined>;
  /** Measures the time of a step. Called for every report, because a stored time may come from a busier machine. */
  stepMs?(engine: Engine): Promise<number>;
  /** Frees what the system keeps between folds; called after its last fold. */
  release?(): void;
}

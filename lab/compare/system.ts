import type { Engine } from '../../src/model/engine.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { ScoredStep } from '../evaluate/scored-steps.ts';
import type { Fold } from '../train/protocol.ts';

/** What a system may use to learn from the songs of a fold and to answer for those that it never met. */
export interface FoldTask {
  readonly fold: Fold;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  /** Folder of features that were computed before. */
  readonly cacheFolder: string;
  readonly seed: number;
  /** A way of training by name, for those systems that have several; absent: each system's own. */
  readonly recipe?: string;
  /** As few epochs, trees and rounds as still show that it learns: for tests, never for figures. */
  readonly brief?: true;
  /** Ends after the piece of work in hand; the answer is then undefined. */
  readonly signal: AbortSignal;
  /** How much of the fold is done, for people: `done` of `of` pieces of work. */
  readonly onProgress: (done: number, of: number) => void;
}

/** The two ways of cutting the circumplex into four: by the signs of both axes, or by the nearest of four words. */
export const SCHEMES = ['quadrants', 'words'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Loss of one epoch, and RMSE over both axes on songs that were not learned from, where some were kept for it. */
export interface CurvePoint {
  readonly epoch: number;
  readonly loss: number;
  readonly validation?: number;
}

export interface FoldAnswer {
  /**
   * Every labelled step of the judged clips, in the order of the dataset's clips, each clip from a fresh state.
   * A system that says no sd of its own gives the RMSE that it had on songs it did not learn from.
   */
  readonly steps: readonly ScoredStep[];
  /**
   * [steps, 4] for each scheme: how likely each class is, of a system that was trained as a classifier too.
   * Absent: classes follow from the point that was said and its sd.
   */
  readonly classes?: Readonly<Record<Scheme, Float32Array>>;
  /** [steps, 2 · FORECAST_HORIZONS] how valence and arousal are expected to change up to each; of a system that forecasts. */
  readonly changes?: Float32Array;
  /** Absent where nothing is learned epoch by epoch. */
  readonly curve?: readonly CurvePoint[];
  readonly cost: SystemCost;
}

export interface SystemCost {
  /** Numbers that were learned. */
  readonly parameters: number;
  /** Of the model as it is stored; what is shared with other systems (a pretrained tagger) counts. */
  readonly bytes: number;
  /**
   * Time of one step of one stream from the audio's features on, median; NaN where it cannot be run live, or where
   * the system has a `stepMs`.
   */
  readonly msPerStep: number;
}

/** One row of the comparison. */
export interface System {
  /** As `--systems` names it; lower case and hyphens. */
  readonly name: string;
  /** As tables show it. */
  readonly title: string;
  /** What it is and where it comes from: a sentence. */
  readonly about: string;
  /** Changes whenever the same task would be answered otherwise, so that kept answers of before are not taken. */
  readonly version: string;
  /** Whether it is told what nobody has in use: a measure for the others, no competitor. */
  readonly oracle?: true;
  answer(task: FoldTask): Promise<FoldAnswer | undefined>;
  /** Measures the time of a step for each report anew: a figure that was kept may be that of a busier hour. */
  stepMs?(engine: Engine): Promise<number>;
  /** Lets go of what it keeps between folds: its last one is done. */
  release?(): void;
}

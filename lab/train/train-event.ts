import type { Part } from '../datasets/split.ts';
import type { Scores } from '../evaluate/score.ts';
import type { TrainOptions } from './options.ts';

/** Progress of a training. Every event except `extracted` is also a line of `training.jsonl`. */
export type TrainEvent =
  | {
      readonly type: 'begin';
      readonly clips: Record<Part, number>;
      readonly engine: string;
      readonly options: TrainOptions;
    }
  | { readonly type: 'extracted'; readonly clips: number; readonly of: number }
  | { readonly type: 'resume'; readonly epoch: number; readonly engine: string; readonly warning?: string }
  | EpochEvent
  | FoldEvent
  | RefitEvent
  | BoundaryEvent
  | {
      readonly type: 'done';
      readonly bestEpoch: number;
      readonly validation: Scores;
      readonly heldOut: Scores | null;
    };

/** An out-of-fold training for the calibration is finished. */
export interface FoldEvent {
  readonly type: 'fold';
  readonly fold: number;
  readonly of: number;
  /** On the songs of the fold. */
  readonly scores: Scores;
  readonly seconds: number;
}

/** An ensemble member was trained again, on the validation songs as well. */
interface RefitEvent {
  readonly type: 'refit';
  readonly member: number;
  readonly of: number;
  readonly loss: number;
  readonly seconds: number;
}

/** The boundary detector was fitted. Scores are those on sequences of held-out songs. */
interface BoundaryEvent {
  readonly type: 'boundary';
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly delay: number;
}

export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  /** Number of the ensemble member, from 1 on; absent if there is only one. */
  readonly member?: number;
  readonly loss: number;
  /** At the epoch's end. */
  readonly learningRate: number;
  /** Scores of the mean weights on some of the training songs, as recorded. */
  readonly train: Scores;
  readonly validation: Scores;
  /** The score by which epochs are compared. */
  readonly choice: number;
  readonly best: boolean;
  readonly seconds: number;
}

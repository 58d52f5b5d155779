import type { Part } from '../datasets/split.ts';
import type { Scores } from '../evaluate/score.ts';
import type { TrainOptions } from './options.ts';

/** What training says as it goes; each, but for `heard` and `batch`, is also a line of `training.jsonl`. */
export type TrainEvent =
  | {
      readonly type: 'begin';
      readonly clips: Record<Part, number>;
      readonly engine: string;
      readonly options: TrainOptions;
    }
  | { readonly type: 'heard'; readonly clips: number; readonly of: number }
  | { readonly type: 'resume'; readonly epoch: number; readonly engine: string; readonly warning?: string }
  | EpochEvent
  | FoldEvent
  | RefitEvent
  | {
      readonly type: 'done';
      readonly bestEpoch: number;
      readonly validation: Scores;
      readonly heldOut: Scores | null;
    };

/** Songs that others did not learn from, for the intervals. */
export interface FoldEvent {
  readonly type: 'fold';
  readonly fold: number;
  readonly of: number;
  readonly judged: Scores;
  readonly seconds: number;
}

/** A member that learned from the validation songs as well: nothing is left that could judge it but held-out songs. */
export interface RefitEvent {
  readonly type: 'refit';
  readonly member: number;
  readonly of: number;
  readonly loss: number;
  readonly seconds: number;
}

export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  /** Which member is learning, from 1 on, where there are several. */
  readonly member?: number;
  readonly loss: number;
  /** At the epoch's end. */
  readonly learningRate: number;
  /** How the mean weights do on some of the songs they learned from, and on others; both as recorded. */
  readonly train: Scores;
  readonly validation: Scores;
  /** What the epochs are compared by. */
  readonly choice: number;
  readonly best: boolean;
  readonly seconds: number;
}

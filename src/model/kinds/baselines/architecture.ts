import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

export type SeedTensors = Readonly<Record<string, Tensor>>;

/** Named arrays of all streams, [streams, length] each; empty of a network without memory. */
export type SeedMemory = Readonly<Record<string, Tensor2D>>;

export interface SeedSaid {
  /** [rows, 2] valence, arousal. */
  readonly emotion: Tensor2D;
  /** [rows, CLASS_LOGITS] of networks that say classes. */
  readonly classes?: Tensor2D;
  /** [rows, 1] mean square of the standardised input. */
  readonly novelty: Tensor2D;
}

export interface SeedUnrolled {
  readonly said: SeedSaid;
  /** After the last step. */
  readonly memory: SeedMemory;
}

/** Multiplies by 0 what is dropped, and scales up the rest. */
export type Dropout = <T extends Tensor>(x: T) => T;

export const NO_DROPOUT: Dropout = (x) => x;

/**
 * A network as pure functions of tensors: live tracking takes one step at a time, training whole sequences from a fresh
 * state. Nothing is kept between calls.
 */
export interface SeedNetwork {
  /**
   * @param x [streams, row length], see rows.ts
   * @param memory of each stream
   */
  step(x: Tensor2D, memory: SeedMemory): SeedUnrolled;
  /**
   * @param x [steps · streams, row length], time-major
   * @param memory from before the first step; absent: fresh
   */
  unroll(x: Tensor2D, streams: number, memory?: SeedMemory, dropout?: Dropout): SeedUnrolled;
}

import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import type { Tf } from '../../engine.ts';

/** Number of values in a clip. */
export const CLIP_LENGTH: number = CLIP_FRAMES * CLIP_BANDS;

export type BaselineTensors = Readonly<Record<string, Tensor>>;

/** The state of all streams by name, [streams, length] each; empty for a network without memory. */
export type BaselineMemory = Readonly<Record<string, Tensor2D>>;

export interface BaselineOutputs {
  /** [rows, 2] valence, arousal. */
  readonly emotion: Tensor2D;
  /** [rows, CLASS_LOGITS] for networks that also predict classes. */
  readonly classes?: Tensor2D;
  /** [rows, 1] mean square of the standardized input. */
  readonly novelty: Tensor2D;
}

export interface BaselineUnrolled {
  readonly outputs: BaselineOutputs;
  /** After the last step. */
  readonly memory: BaselineMemory;
}

/** Sets the dropped values to 0 and scales up the rest. */
export type Dropout = <T extends Tensor>(x: T) => T;

export const NO_DROPOUT: Dropout = (x) => x;

/**
 * A network as pure functions of tensors: live tracking calls `step`, training `unroll` over whole sequences. It keeps
 * no state between calls.
 */
export interface BaselineNetwork {
  /**
   * @param x [streams, row length]
   * @param memory of each stream
   */
  step(x: Tensor2D, memory: BaselineMemory): BaselineUnrolled;
  /**
   * @param x [steps · streams, row length], time-major
   * @param memory before the first step; absent: that of new streams
   */
  unroll(x: Tensor2D, streams: number, memory?: BaselineMemory, dropout?: Dropout): BaselineUnrolled;
}

/** Computes one row of a network's input from a clip. */
export interface RowMaker {
  /** Number of values in a row. */
  readonly length: number;
  /** Writes the row of a clip, [CLIP_FRAMES, CLIP_BANDS], to `out` from `at` on. */
  write(clip: Float32Array, out: Float32Array, at: number): void;
}

/** The unchanged clip. */
export const WHOLE_CLIP: RowMaker = {
  length: CLIP_LENGTH,
  write: (clip, out, at) => out.set(clip, at),
};

/** The shapes of arrays by name. */
export type Shapes = Record<string, readonly number[]>;

/** A kind of network of any size. An architecture is one file here, and one line in systems.ts. */
export interface Architecture<Config> {
  /** Schema of `network` in `model.json`; its key `architecture` is the name in the registry. */
  readonly parameters: z.ZodType<Config>;
  readonly rows: RowMaker;
  /** The shape of every array by name. `input/*` are statistics of the training data, the rest is learned. */
  weightShapes(config: Config): Shapes;
  /** The length of each array of a stream's state by name; empty for a network without memory. */
  memoryLengths(config: Config): Readonly<Record<string, number>>;
  /** The maximum number of steps that it can unroll at once; absent: unlimited. */
  maxSteps?(config: Config): number;
  build(tf: Tf, weights: BaselineTensors, config: Config): BaselineNetwork;
}

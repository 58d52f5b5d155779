import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import type { Tf } from '../../engine.ts';

/** Numbers of one clip. */
export const CLIP_LENGTH: number = CLIP_FRAMES * CLIP_BANDS;

export type BaselineTensors = Readonly<Record<string, Tensor>>;

/** Named arrays of all streams, [streams, length] each; empty of a network without memory. */
export type BaselineMemory = Readonly<Record<string, Tensor2D>>;

export interface BaselineOutputs {
  /** [rows, 2] valence, arousal. */
  readonly emotion: Tensor2D;
  /** [rows, CLASS_LOGITS] of networks that predict classes too. */
  readonly classes?: Tensor2D;
  /** [rows, 1] mean square of the standardised input. */
  readonly novelty: Tensor2D;
}

export interface BaselineUnrolled {
  readonly outputs: BaselineOutputs;
  /** After the last step. */
  readonly memory: BaselineMemory;
}

/** Multiplies by 0 what is dropped, and scales up the rest. */
export type Dropout = <T extends Tensor>(x: T) => T;

export const NO_DROPOUT: Dropout = (x) => x;

/**
 * A network as pure functions of tensors: live tracking takes one step at a time, training whole sequences from a fresh
 * state. Nothing is kept between calls.
 */
export interface BaselineNetwork {
  /**
   * @param x [streams, row length]
   * @param memory of each stream
   */
  step(x: Tensor2D, memory: BaselineMemory): BaselineUnrolled;
  /**
   * @param x [steps · streams, row length], time-major
   * @param memory from before the first step; absent: fresh
   */
  unroll(x: Tensor2D, streams: number, memory?: BaselineMemory, dropout?: Dropout): BaselineUnrolled;
}

/** What a network is given of a clip. */
export interface RowMaker {
  /** Numbers of a row. */
  readonly length: number;
  /** Writes the row of a clip, [CLIP_FRAMES, CLIP_BANDS], to `out` from `at` on. */
  write(clip: Float32Array, out: Float32Array, at: number): void;
}

/** The clip as it is. */
export const WHOLE_CLIP: RowMaker = {
  length: CLIP_LENGTH,
  write: (clip, out, at) => out.set(clip, at),
};

/** Arrays by name. */
export type Shapes = Record<string, readonly number[]>;

/** A kind of network, for any sizes: one file here, and one line in systems.ts. */
export interface Architecture<Config> {
  /** The sizes as `model.json` stores them under `network`; `architecture` names this entry of the registry. */
  readonly parameters: z.ZodType<Config>;
  /** What the network is given of each clip. */
  readonly rows: RowMaker;
  /** Every array by name. `input/*` are measured on the training data, the rest is learned. */
  weightShapes(config: Config): Shapes;
  /** A stream's state by name: the length of each array; empty of a network without memory. */
  memoryLengths(config: Config): Readonly<Record<string, number>>;
  /** Most steps that it can unroll at once; absent: any number. */
  maxSteps?(config: Config): number;
  build(tf: Tf, weights: BaselineTensors, config: Config): BaselineNetwork;
}

import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../src/model/engine.ts';
import { attend, encoderOf, headwise } from '../../../src/model/kinds/undertone/front-ends/ced/encoder.ts';
import {
  embeddingKernel,
  foldNormalizations,
  layersOf,
} from '../../../src/model/kinds/undertone/front-ends/ced/layers.ts';
import { attentionMask } from '../../../src/model/kinds/undertone/front-ends/ced/mask.ts';
import { PATCH_SIZE, type PatchCutter } from '../../../src/model/kinds/undertone/front-ends/ced/patches.ts';
import {
  CED_FEATURES,
  NEWEST_PATCHES,
  POSITIONS,
  ROWS,
  WIDTH,
  WINDOW_PATCHES,
} from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import type { Weights } from '../../../src/model/weights.ts';
import { valuesOf } from '../../train/variables.ts';
import { PASSAGE_STEPS, PASSAGE_TIMES, poolingMatrix } from './passages.ts';
import type { DistillOptions, Student } from './train-student.ts';

const TOKENS = PASSAGE_TIMES * ROWS;

export const STREAMING_DEFAULTS: DistillOptions = {
  seed: 1,
  epochs: 3,
  batch: 8,
  learningRate: 3e-4,
  decay: 0,
  validationEvery: 25,
};

/**
 * The streaming form in training: its weights as variables, starting from those of the windowed form. A passage is
 * [PASSAGE_FRAMES, FINE_BANDS] mel frames in dB.
 */
export class StreamingStudent implements Student {
  readonly #tf: Tf;
  readonly #cutter: PatchCutter;
  readonly #start: Weights;
  readonly #fixed: Record<string, Tensor>;
  readonly #embedding: Tensor2D;
  readonly #mask: Tensor3D;
  readonly #pooling: Tensor2D;
  readonly #perSd: Tensor;
  readonly variables: Readonly<Record<string, Variable>>;

  /**
   * @param weights of the windowed form
   * @param perSd [CED_FEATURES] reciprocal standard deviation of each feature of the windowed form
   */
  constructor(tf: Tf, weights: Weights, cutter: PatchCutter, perSd: Float32Array) {
    this.#tf = tf;
    this.#cutter = cutter;
    this.#start = withOnePosition(foldNormalizations(weights));
    const tensors = Object.entries(this.#start).map(([name, { shape, values }]) => ({
      name,
      tensor: tf.tensor(values, [...shape]),
    }));
    this.variables = Object.fromEntries(
      tensors.filter(({ name }) => isTrained(name)).map(({ name, tensor }) => [name, tf.variable(tensor)]),
    );
    this.#fixed = Object.fromEntries(tensors.map(({ name, tensor }) => [name, tensor]));
    this.#embedding = embeddingKernel(tf, this.#start);
    const mask = attentionMask({ before: 0, times: PASSAGE_TIMES, context: WINDOW_PATCHES });
    this.#mask = tf.tensor3d(mask, [1, TOKENS, TOKENS]);
    this.#pooling = tf.tensor2d(poolingMatrix(NEWEST_PATCHES), [2 * PASSAGE_STEPS, PASSAGE_TIMES]);
    this.#perSd = tf.tensor1d(perSd);
  }

  stored(): Weights {
    return { ...this.#start, ...valuesOf(this.variables) };
  }

  dispose(): void {
    this.#tf.dispose([this.variables, this.#fixed] as unknown as Tensor[]);
    this.#tf.dispose([this.#embedding, this.#mask, this.#pooling, this.#perSd]);
  }

  loss(passages: readonly Float32Array[], targets: readonly Float32Array[]): Scalar {
    const tf = this.#tf;
    const count = passages.length;
    const patches = new Float32Array(count * TOKENS * PATCH_SIZE);
    for (const [i, mel] of passages.entries()) this.#cutter.write(mel, 0, PASSAGE_TIMES, patches, i * TOKENS);
    const encoder = encoderOf(tf, layersOf(tf, { ...this.#fixed, ...this.variables }, this.#embedding));
    const cut: Tensor2D = tf.tensor2d(patches, [count * TOKENS, PATCH_SIZE]);
    const embedded = encoder.embed(cut, encoder.timeless(PASSAGE_TIMES, WINDOW_PATCHES));
    const tokens = encoder.encode(
      embedded,
      headwise(tf, count, (heads) => attend(tf, heads, this.#mask)),
    );
    const means: Tensor3D = tf.mean(tf.reshape(tokens, [count, PASSAGE_TIMES, ROWS, WIDTH]), 2);
    const pooling = tf.tile(tf.expandDims(this.#pooling, 0), [count, 1, 1]);
    const features = tf.reshape(tf.matMul(pooling, means), [count * PASSAGE_STEPS, CED_FEATURES]);
    const wanted = tf.stack(targets.map((own) => tf.tensor2d(own, [PASSAGE_STEPS, CED_FEATURES])));
    const difference = tf.sub(features, tf.reshape(wanted, [count * PASSAGE_STEPS, CED_FEATURES]));
    return tf.mean(tf.square(tf.mul(difference, this.#perSd)));
  }
}

/** The blocks, the last normalization and the position of each row; not the embedding of the patches. */
function isTrained(name: string): boolean {
  if (name.includes('.norm')) return false; // Folded into the next layer.
  return name.startsWith('blocks.') || name.startsWith('norm.') || name === 'freq_pos_embed';
}

/** The same position for all times: the mean over a window. */
function withOnePosition(weights: Weights): Weights {
  const { shape, values } = weights.time_pos_embed!;
  const mean = (i: number): number =>
    values.subarray(i * POSITIONS, i * POSITIONS + WINDOW_PATCHES).reduce((sum, x) => sum + x, 0) /
    WINDOW_PATCHES;
  const same = Float32Array.from({ length: values.length }, (_, at) => mean(Math.floor(at / POSITIONS)));
  return { ...weights, time_pos_embed: { shape, values: same } };
}

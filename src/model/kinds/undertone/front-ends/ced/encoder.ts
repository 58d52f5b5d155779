import type { Tensor2D, Tensor3D, Tensor4D, Tensor5D, TensorContainerObject } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import { uploadWeights } from '../../../../tensors.ts';
import type { Weights } from '../../../../weights.ts';
import { type EncoderLayers, embeddingKernel, foldNormalizations, type Layer, layersOf } from './layers.ts';
import { BLOCKS, HEAD_WIDTH, HEADS, ROWS, WIDTH } from './sizes.ts';

/** [streams · HEADS, tokens, HEAD_WIDTH] each; the queries are scaled. */
export interface Heads {
  readonly queries: Tensor3D;
  readonly keys: Tensor3D;
  readonly values: Tensor3D;
}

/** Mixes the tokens of a block: [streams · HEADS, tokens, HEAD_WIDTH]. */
export type Attention = (heads: Heads, block: number) => Tensor3D;

/** The same before the heads are split: [streams · tokens, 3 · WIDTH] → [streams · tokens, WIDTH]. */
export type Mix = (qkv: Tensor2D, block: number) => Tensor2D;

/**
 * The layers of CED-tiny (Dinkel et al., arXiv 2308.11957), a transformer over spectrogram patches. Tokens are in the
 * order of times, then rows; the original has them row by row, which is the same to attention. Call its functions in a
 * `tf.tidy`.
 */
export interface Encoder {
  /**
   * [streams · times · ROWS, PATCH_SIZE] patches → tokens [streams · times · ROWS, WIDTH].
   *
   * @param positions [times · ROWS, WIDTH]
   */
  embed(patches: Tensor2D, positions: Tensor2D): Tensor2D;
  /** The tokens after a block. */
  block(tokens: Tensor2D, block: number, mix: Mix): Tensor2D;
  /** The tokens after all blocks and the last normalization. */
  encode(tokens: Tensor2D, mix: Mix): Tensor2D;
  /** The tokens after each of some blocks, in ascending order; those after the last block are normalized. */
  encodeTo(tokens: Tensor2D, mix: Mix, blocks: readonly number[]): Tensor2D[];
  /** [times · ROWS, WIDTH] learned positions of the first `times` times of a window. */
  positions(times: number): Tensor2D;
  /** [times · ROWS, WIDTH] the same position for all times: the mean of the first `meanOf`. */
  timeless(times: number, meanOf: number): Tensor2D;
}

const EPSILON = 1e-6;

/** An encoder that owns its tensors. */
export interface LoadedEncoder extends Encoder {
  dispose(): void;
}

/**
 * @param weights as `readCedWeights` reads them
 * @param gelu u + u · erf(u); default: by the engine
 */
export function createEncoder(tf: Tf, weights: Weights, gelu?: (u: Tensor2D) => Tensor2D): LoadedEncoder {
  const layers = tf.tidy(() => {
    const tensors = uploadWeights(tf, foldNormalizations(weights));
    return layersOf(tf, tensors, embeddingKernel(tf, weights)) as EncoderLayers & TensorContainerObject;
  });
  return { ...encoderOf(tf, layers, gelu), dispose: () => tf.dispose(layers) };
}

/** The same from layers, of which the caller disposes. */
export function encoderOf(
  tf: Tf,
  { embedding, blocks, gain, offset, times, rows }: EncoderLayers,
  gelu: (u: Tensor2D) => Tensor2D = (u) => tf.add(u, tf.mul(u, tf.erf(u))),
): Encoder {
  function dense(x: Tensor2D, { kernel, bias }: Layer): Tensor2D {
    return tf.fused.matMul({ a: x, b: kernel, bias }) as Tensor2D;
  }

  /** To mean 0 and variance 1; gain and offset are part of the next layer. */
  function normalize(x: Tensor2D): Tensor2D {
    const centered = tf.sub(x, tf.mean(x, 1, true));
    const variance = tf.mean(tf.square(centered), 1, true);
    return tf.mul(centered, tf.rsqrt(tf.add(variance, EPSILON)));
  }

  function block(tokens: Tensor2D, index: number, mix: Mix): Tensor2D {
    const { qkv, proj, fc1, fc2 } = blocks[index]!;
    const attended: Tensor2D = tf.add(tokens, dense(mix(dense(normalize(tokens), qkv), index), proj));
    return tf.add(attended, dense(gelu(dense(normalize(attended), fc1)), fc2));
  }

  function encodeTo(tokens: Tensor2D, mix: Mix, read: readonly number[]): Tensor2D[] {
    const outputs: Tensor2D[] = [];
    let x = tokens;
    for (let i = 0; i <= read.at(-1)!; i++) {
      x = block(x, i, mix);
      if (read.includes(i)) outputs.push(i < BLOCKS - 1 ? x : tf.add(tf.mul(normalize(x), gain), offset));
    }
    return outputs;
  }

  /** [times, WIDTH] → [times · ROWS, WIDTH] */
  function withRows(timePositions: Tensor2D): Tensor2D {
    const count = timePositions.shape[0];
    return tf.reshape(tf.add(tf.reshape(timePositions, [count, 1, WIDTH]), rows), [count * ROWS, WIDTH]);
  }

  return {
    embed(patches, positions) {
      const [tokens] = positions.shape;
      const shaped: Tensor3D = tf.reshape(dense(patches, embedding), [-1, tokens, WIDTH]);
      return tf.reshape(tf.add(shaped, positions), [-1, WIDTH]);
    },
    block,
    encode: (tokens, mix) => encodeTo(tokens, mix, [BLOCKS - 1])[0]!,
    encodeTo,
    positions: (count) => withRows(tf.slice2d(times, [0, 0], [count, WIDTH])),
    timeless: (count, meanOf) =>
      withRows(tf.tile(tf.mean(tf.slice2d(times, [0, 0], [meanOf, WIDTH]), 0, true) as Tensor2D, [count, 1])),
  };
}

/** An attention that the engine computes for all heads of all streams at once. */
export function headwise(tf: Tf, streams: number, attention: Attention): Mix {
  /** [streams · tokens, 3 · WIDTH] */
  function splitHeads(qkv: Tensor2D): Heads {
    const tokens = qkv.shape[0] / streams;
    const shaped: Tensor5D = tf.reshape(qkv, [streams, tokens, 3, HEADS, HEAD_WIDTH]);
    const parts = tf.unstack(tf.transpose(shaped, [2, 0, 3, 1, 4])) as Tensor4D[];
    const [queries, keys, values] = parts.map(
      (part): Tensor3D => tf.reshape(part, [streams * HEADS, tokens, HEAD_WIDTH]),
    );
    return { queries: queries!, keys: keys!, values: values! };
  }

  /** The reverse for the result: [streams · tokens, WIDTH] */
  function joinHeads(mixed: Tensor3D): Tensor2D {
    const tokens = mixed.shape[1];
    const shaped: Tensor4D = tf.reshape(mixed, [streams, HEADS, tokens, HEAD_WIDTH]);
    return tf.reshape(tf.transpose(shaped, [0, 2, 1, 3]), [streams * tokens, WIDTH]);
  }

  return (qkv, block) => joinHeads(attention(splitHeads(qkv), block));
}

/** Softmax attention (Vaswani et al. 2017). @param mask [1, tokens, keys] 0, or far below 0 where a key is hidden */
export function attend(tf: Tf, { queries, keys, values }: Heads, mask?: Tensor3D): Tensor3D {
  const scores: Tensor3D = tf.matMul(queries, keys, false, true);
  return tf.matMul(tf.softmax(mask ? tf.add(scores, mask) : scores), values);
}

import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { Weights } from '../../../../weights.ts';
import { patchKernel } from './patches.ts';
import { BLOCKS, HEAD_WIDTH, WIDTH } from './sizes.ts';

/** A dense layer. */
export interface Layer {
  readonly kernel: Tensor2D;
  readonly bias: Tensor1D;
}

/** The tensors of an encoder as they are computed. */
export interface EncoderLayers {
  readonly embedding: Layer;
  readonly blocks: readonly Readonly<Record<'qkv' | 'proj' | 'fc1' | 'fc2', Layer>>[];
  /** [WIDTH] of the last normalization. */
  readonly gain: Tensor1D;
  readonly offset: Tensor1D;
  /** [POSITIONS, WIDTH] */
  readonly times: Tensor2D;
  /** [ROWS, WIDTH] */
  readonly rows: Tensor2D;
}

/** The same network with the gains and offsets of the blocks' normalizations moved into the layers that follow them. */
export function foldNormalizations(weights: Weights): Weights {
  const folded: Record<string, Weights[string]> = { ...weights };
  for (let i = 0; i < BLOCKS; i++) {
    for (const [norm, next] of [
      ['norm1', 'attn.qkv'],
      ['norm2', 'mlp.fc1'],
    ]) {
      const [gain, offset] = [`blocks.${i}.${norm}.weight`, `blocks.${i}.${norm}.bias`];
      const [kernel, bias] = [weights[`blocks.${i}.${next}.kernel`]!, weights[`blocks.${i}.${next}.bias`]!];
      const [gains, offsets] = [weights[gain]!.values, weights[offset]!.values];
      const outputs = bias.values.length;
      const sums = Float64Array.from(bias.values);
      const scaled = new Float32Array(kernel.values.length);
      for (let input = 0; input < gains.length; input++) {
        const [factor, shift, first] = [gains[input]!, offsets[input]!, input * outputs];
        for (let j = 0; j < outputs; j++) {
          const x = kernel.values[first + j]!;
          sums[j]! += shift * x;
          scaled[first + j] = x * factor;
        }
      }
      folded[`blocks.${i}.${next}.kernel`] = { shape: kernel.shape, values: scaled };
      folded[`blocks.${i}.${next}.bias`] = { shape: bias.shape, values: Float32Array.from(sums) };
      folded[gain] = { shape: [WIDTH], values: new Float32Array(WIDTH).fill(1) };
      folded[offset] = { shape: [WIDTH], values: new Float32Array(WIDTH) };
    }
  }
  return folded;
}

/** The embedding's kernel, which is stored in another order: [PATCH_SIZE, WIDTH]. Dispose of it after use. */
export function embeddingKernel(tf: Tf, weights: Weights): Tensor2D {
  const kernel = patchKernel(weights['patch_embed.proj.weight']!.values);
  return tf.tensor2d(kernel, [kernel.length / WIDTH, WIDTH]);
}

/**
 * The layers from tensors by their stored names, whose normalizations are folded. Scales are folded here: that of the
 * queries, 1/√HEAD_WIDTH; and those of GELU, x/2 · (1 + erf(x/√2)), which becomes u + u · erf(u) of u = x/√2, times
 * 1/√2. In the training of an encoder, call it for every batch. Call it in a `tf.tidy`.
 */
export function layersOf(
  tf: Tf,
  tensors: Readonly<Record<string, Tensor>>,
  embedding: Tensor2D,
): EncoderLayers {
  const get = <T extends Tensor>(name: string) => tensors[name] as T;
  const layer = (name: string, scale?: Tensor | number): Layer => {
    const [kernel, bias] = [get<Tensor2D>(`${name}.kernel`), get<Tensor1D>(`${name}.bias`)];
    if (scale === undefined) return { kernel, bias };
    return { kernel: tf.mul(kernel, scale), bias: tf.mul(bias, scale) };
  };
  const queries = tf.concat1d([tf.fill([WIDTH], 1 / Math.sqrt(HEAD_WIDTH)), tf.ones([2 * WIDTH])]);
  return {
    embedding: { kernel: embedding, bias: get('patch_embed.proj.bias') },
    blocks: Array.from({ length: BLOCKS }, (_, i) => {
      const [kernel, bias] = [
        get<Tensor2D>(`blocks.${i}.mlp.fc2.kernel`),
        get<Tensor1D>(`blocks.${i}.mlp.fc2.bias`),
      ];
      return {
        qkv: layer(`blocks.${i}.attn.qkv`, queries),
        proj: layer(`blocks.${i}.attn.proj`),
        fc1: layer(`blocks.${i}.mlp.fc1`, Math.SQRT1_2),
        fc2: { kernel: tf.mul(kernel, Math.SQRT1_2), bias },
      };
    }),
    gain: get('norm.weight'),
    offset: get('norm.bias'),
    times: tf.transpose(get<Tensor2D>('time_pos_embed')),
    rows: tf.transpose(get<Tensor2D>('freq_pos_embed')),
  };
}

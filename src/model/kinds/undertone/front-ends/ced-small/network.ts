import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import type { Tf } from '../../../../engine.ts';
import type { Weights } from '../../../../weights.ts';
import { LAYERS, PATCH_FRAMES, WIDTH } from './sizes.ts';

/**
 * The encoder as pure functions of tensors, live for a few patches and in training for whole passages: a dense layer with
 * ReLU on each patch, and two layers of gated recurrent units over time (Cho et al. 2014; as in cuDNN, the reset gate is
 * applied after the product with the hidden kernel).
 */
export function createSmallNetwork(tf: Tf, weights: Readonly<Record<string, Tensor>>) {
  const get = <T extends Tensor>(name: string) => weights[name] as T;
  const dense = (x: Tensor2D, name: string): Tensor2D =>
    tf.add(tf.matMul(x, get<Tensor2D>(`${name}.kernel`)), get<Tensor1D>(`${name}.bias`));

  /** [rows, PATCH_SIZE] log-mel patches → [rows, WIDTH]. Weights without the input's statistics have them folded in. */
  function embed(patches: Tensor2D): Tensor2D {
    if (!weights['input.mean']) return tf.relu(dense(patches, 'embed'));
    const mean = tf.tile(get<Tensor1D>('input.mean'), [PATCH_FRAMES]);
    const scale = tf.tile(get<Tensor1D>('input.scale'), [PATCH_FRAMES]);
    return tf.relu(dense(tf.div(tf.sub(patches, mean), scale), 'embed'));
  }

  /** The part of a layer's gates that does not depend on its memory: [rows, WIDTH] → [rows, 3 · WIDTH]. */
  const gates = (x: Tensor2D, layer: number): Tensor2D => dense(x, `gru.${layer}.input`);

  /** One patch of each stream: `fromInput` [streams, 3 · WIDTH] of `gates`, `h` [streams, WIDTH] → the next h. */
  function next(fromInput: Tensor2D, h: Tensor2D, layer: number): Tensor2D {
    const [inReset, inUpdate, inCandidate] = tf.split(fromInput, 3, 1) as Tensor2D[];
    const [ownReset, ownUpdate, ownCandidate] = tf.split(dense(h, `gru.${layer}.hidden`), 3, 1) as Tensor2D[];
    const reset = tf.sigmoid(tf.add(inReset!, ownReset!));
    const update = tf.sigmoid(tf.add(inUpdate!, ownUpdate!));
    const candidate = tf.tanh(tf.add(inCandidate!, tf.mul(reset, ownCandidate!)));
    return tf.add(candidate, tf.mul(update, tf.sub(h, candidate)));
  }

  /**
   * Patches of several streams in a row.
   *
   * @param patches [times · streams, PATCH_SIZE], time-major
   * @param memory [streams, WIDTH] of each layer
   * @param present for each time [streams, 1]: 0 where a stream has no patch and keeps its memory; undefined: all have one
   * @returns for each time, the memory of all layers
   */
  function run(
    patches: Tensor2D,
    memory: readonly Tensor2D[],
    present: readonly (Tensor2D | undefined)[] = [],
  ): Tensor2D[][] {
    const times = patches.shape[0] / memory[0]!.shape[0];
    let x = embed(patches);
    const layers: Tensor2D[][] = [];
    for (let layer = 0; layer < LAYERS; layer++) {
      let h = memory[layer]!;
      // One split, not a slice per time: the gradient of a slice is a tensor of the full size.
      const own = (tf.split(gates(x, layer), times, 0) as Tensor2D[]).map((fromInput, time) => {
        const fresh = next(fromInput, h, layer);
        const has = present[time];
        h = has ? tf.add(h, tf.mul(has, tf.sub(fresh, h))) : fresh;
        return h;
      });
      layers.push(own);
      if (layer < LAYERS - 1) x = tf.concat2d(own, 0);
    }
    return Array.from({ length: times }, (_, time) => layers.map((own) => own[time]!));
  }

  return { run };
}

/** The same weights with the mean and scale of the input folded into the dense layer, which then takes patches as they are. */
export function foldInput(weights: Weights): Weights {
  const { 'input.mean': mean, 'input.scale': scale, ...rest } = weights;
  const kernel = rest['embed.kernel']!;
  const bias = Float64Array.from(rest['embed.bias']!.values);
  const values = kernel.values.map((x, i) => {
    const [band, unit] = [Math.floor(i / WIDTH) % MEL_BANDS, i % WIDTH];
    const scaled = x / scale!.values[band]!;
    bias[unit]! -= mean!.values[band]! * scaled;
    return scaled;
  });
  return {
    ...rest,
    'embed.kernel': { shape: kernel.shape, values },
    'embed.bias': { shape: [WIDTH], values: Float32Array.from(bias) },
  };
}

/** The memory before the first patch. */
export const emptyMemory = (tf: Tf, streams: number): Tensor2D[] =>
  Array.from({ length: LAYERS }, () => tf.zeros([streams, WIDTH]));

import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import { AS_PUBLISHED, type Keep, type Pruning } from './filters.ts';
import { MIDDLE_LAYERS, TEMPORAL_TAPS } from './sizes.ts';
import { type TemporalLayer, temporalLayer } from './temporal.ts';
import { type TimbralLayer, timbralLayer } from './timbral.ts';
import { type BackEnd, backEnd, type MiddleLayer, middleLayer } from './upper-layers.ts';
import { type MusicnnWeights, readNormalization } from './weights.ts';

/**
 * The tagger's layers. Each has "valid" padding: its input includes the frames before and after that it needs, so that
 * patches and streams share the code. The front end takes mel as plain arrays, because it unfolds them before they
 * become a tensor (twice as fast as the operations of any engine).
 */
export interface MusicnnLayers {
  /** Normalizes the input in place and returns it. Zero padding is added after this. */
  normalize(mel: Float32Array): Float32Array;
  readonly timbral: TimbralLayer;
  readonly temporal: readonly TemporalLayer[];
  /** The temporal filters for outputs that are not settled; the same as `temporal` if the strides are equal. */
  readonly unsettled: readonly TemporalLayer[];
  readonly middle: readonly MiddleLayer[];
  readonly backEnd: BackEnd;
  dispose(): void;
}

export function createLayers(
  tf: Tf,
  weights: MusicnnWeights,
  pruning: Pruning = AS_PUBLISHED,
): MusicnnLayers {
  const tensors: Tensor[] = [];
  const keep: Keep = (tensor) => {
    tensors.push(tf.keep(tensor));
    return tensor;
  };
  const { scale, offset } = readNormalization(weights, 0); // one channel
  const temporalLayers = (timeStride: number) =>
    TEMPORAL_TAPS.map((_, index) => temporalLayer(tf, weights, index, { ...pruning, timeStride }, keep));
  const temporal = temporalLayers(pruning.timeStride);
  const { timeStride, unsettledStride } = pruning;
  return {
    normalize(mel) {
      const [by, plus] = [scale[0]!, offset[0]!];
      for (let i = 0; i < mel.length; i++) mel[i] = mel[i]! * by + plus;
      return mel;
    },
    timbral: timbralLayer(tf, weights, pruning, keep),
    temporal,
    unsettled: unsettledStride === timeStride ? temporal : temporalLayers(unsettledStride),
    middle: Array.from({ length: MIDDLE_LAYERS }, (_, index) => middleLayer(tf, weights, index, keep)),
    backEnd: backEnd(tf, weights, keep),
    dispose: () => tf.dispose(tensors),
  };
}

import type { MusicnnWeights } from './weights.ts';

const EPSILON = 1e-3;

/** A batch normalisation at inference: `x · scale + offset`, per channel. */
export interface Normalisation {
  readonly scale: Float32Array;
  readonly offset: Float32Array;
}

/** `index` is the suffix of the layer's name in the checkpoint, 0 for none. */
export function readNormalisation(weights: MusicnnWeights, index: number): Normalisation {
  const layer = index === 0 ? 'batch_normalization' : `batch_normalization_${index}`;
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (part) => weights(`${layer}/${part}`).values,
  );
  const scale = gamma!.map((value, i) => value / Math.sqrt(variance![i]! + EPSILON));
  const offset = beta!.map((value, i) => value - mean![i]! * scale[i]!);
  return { scale, offset };
}

import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import type { Keep } from './layers.ts';
import { readNormalisation } from './normalisation.ts';
import type { MusicnnWeights } from './weights.ts';

/** Maximum and mean over time, `[batch, 753]` each → 200 features and the logits of 50 tags. */
export type BackEnd = (max: Tensor2D, mean: Tensor2D) => { penultimate: Tensor2D; logits: Tensor2D };

/** Normalisation `_9` goes into the dense layer, whose inputs lie interleaved: max, mean, max, mean … */
export function backEnd(tf: Tf, weights: MusicnnWeights, keep: Keep): BackEnd {
  const { shape, values } = weights('dense/kernel'); // [1506, 200]
  const [inputs, units] = shape as [number, number];
  const before = readNormalisation(weights, 9);
  const biasValues = weights('dense/bias').values.slice();
  const kernels = [new Float32Array(values.length / 2), new Float32Array(values.length / 2)];
  for (let i = 0; i < inputs; i++) {
    for (let unit = 0; unit < units; unit++) {
      const weight = values[i * units + unit]!;
      kernels[i % 2]![(i >> 1) * units + unit] = weight * before.scale[i]!;
      biasValues[unit]! += weight * before.offset[i]!;
    }
  }
  const [forMax, forMean] = kernels.map((kernel) => keep(tf.tensor2d(kernel, [inputs / 2, units])));
  const after = readNormalisation(weights, 10);
  const [bias, scale, offset, lastBias] = [
    ...[biasValues, after.scale, after.offset, weights('dense_1/bias').values],
  ].map((vector): Tensor1D => keep(tf.tensor1d(vector)));
  const last = weights('dense_1/kernel');
  const lastKernel = keep(tf.tensor2d(last.values, last.shape as [number, number]));
  return (max, mean) => {
    const sum = tf.add(tf.add(tf.matMul(max, forMax!), tf.matMul(mean, forMean!)), bias!);
    const penultimate: Tensor2D = tf.add(tf.mul(tf.relu(sum), scale!), offset!);
    const logits: Tensor2D = tf.add(tf.matMul(penultimate, lastKernel), lastBias!);
    return { penultimate, logits };
  };
}

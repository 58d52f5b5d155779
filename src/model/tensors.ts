import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from './engine.ts';
import type { Weights } from './weights.ts';

/**
 * The numbers of the tensors that `compute` returns; all tensors are gone afterwards. Not the same as
 * a tidy that returns the numbers: tidy looks for tensors in every element of what it is given, and
 * that took 7 ms for the state of one stream.
 */
export function fetchTidy(tf: Tf, compute: () => Tensor[]): Float32Array[] {
  let numbers: Float32Array[] = [];
  tf.tidy(() => {
    numbers = compute().map((tensor) => tensor.dataSync() as Float32Array);
  });
  return numbers;
}

/** Uploads stored weights to the engine; the caller disposes of them. */
export function uploadWeights(tf: Tf, weights: Weights): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
  );
}

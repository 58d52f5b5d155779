import type { Tensor2D } from '@tensorflow/tfjs-core';
import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';
import type { Tf } from '../../../src/model/engine.ts';
import {
  type Dictionary,
  PATCH_SIZE,
  PATCHES,
} from '../../../src/model/kinds/undertone/front-ends/patches/dictionary.ts';
import { fetchTidy } from '../../../src/model/tensors.ts';
import type { Random } from '../random.ts';

/** Activation threshold of a centroid: the least similarity of a whitened patch, about in standard deviations. */
const THRESHOLD = 0.5;
const RIDGE = 0.3;
const ROUNDS = 15;
/** A centroid with fewer patches than this restarts at a random patch. */
const FEWEST = 3;

/**
 * Learns a dictionary of sounds without labels: spherical k-means on whitened patches (Coates & Ng 2012).
 *
 * @param patches [n, PATCH_SIZE] with n at least PATCHES
 * @throws RangeError if there are fewer patches
 */
export function learnDictionary(tf: Tf, patches: Float32Array, random: Random): Dictionary {
  const n = patches.length / PATCH_SIZE;
  if (n < PATCHES) throw new RangeError(`${n} patches are too few for ${PATCHES} centroids`);
  const whitening = measureWhitening(patches, PATCH_SIZE, RIDGE);
  const white = whiten(tf, patches, whitening);
  let centroids = new Float32Array(PATCHES * PATCH_SIZE);
  for (const [k, from] of random.permutation(n).slice(0, PATCHES).entries())
    copyPatch(white, from, centroids, k);
  normalize(centroids);
  for (let round = 0; round < ROUNDS; round++) centroids = improve(tf, white, centroids, random);
  return dictionaryOf(centroids, whitening);
}

function whiten(tf: Tf, patches: Float32Array, { mean, factor }: Whitening): Float32Array {
  const [white] = fetchTidy(tf, () => {
    const rows = tf.sub(tf.tensor2d(patches, [patches.length / PATCH_SIZE, PATCH_SIZE]), [
      ...mean,
    ]) as Tensor2D;
    const transform = tf.tensor2d(Float32Array.from(factor), [PATCH_SIZE, PATCH_SIZE]);
    return [tf.matMul(rows, transform, false, true)];
  });
  return white!;
}

/** One round of k-means: each centroid becomes the direction of its patches, weighted by their similarity. */
function improve(
  tf: Tf,
  white: Float32Array,
  centroids: Float32Array<ArrayBuffer>,
  random: Random,
): Float32Array<ArrayBuffer> {
  const n = white.length / PATCH_SIZE;
  const [fetched] = fetchTidy(tf, () => {
    const [rows, directions] = [
      tf.tensor2d(white, [n, PATCH_SIZE]),
      tf.tensor2d(centroids.slice(), [PATCHES, PATCH_SIZE]),
    ];
    return [tf.matMul(rows, directions, false, true)];
  });
  const similarity = fetched!;
  const next = new Float32Array(centroids.length);
  const counts = new Uint32Array(PATCHES);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let k = 1; k < PATCHES; k++) {
      if (similarity[i * PATCHES + k]! > similarity[i * PATCHES + best]!) best = k;
    }
    counts[best]!++;
    const strength = similarity[i * PATCHES + best]!;
    for (let j = 0; j < PATCH_SIZE; j++)
      next[best * PATCH_SIZE + j]! += strength * white[i * PATCH_SIZE + j]!;
  }
  for (let k = 0; k < PATCHES; k++) {
    if (counts[k]! < FEWEST) copyPatch(white, random.below(n), next, k);
  }
  normalize(next);
  return next;
}

function copyPatch(white: Float32Array, from: number, centroids: Float32Array, k: number): void {
  centroids.set(white.subarray(from * PATCH_SIZE, (from + 1) * PATCH_SIZE), k * PATCH_SIZE);
}

function normalize(centroids: Float32Array): void {
  for (let at = 0; at < centroids.length; at += PATCH_SIZE) {
    const centroid = centroids.subarray(at, at + PATCH_SIZE);
    const length = Math.hypot(...centroid) || 1;
    for (let j = 0; j < PATCH_SIZE; j++) centroid[j]! /= length;
  }
}

/** Combines whitening, similarity and threshold into one matrix and one bias. */
function dictionaryOf(centroids: Float32Array, { mean, factor }: Whitening): Dictionary {
  const kernel = new Float32Array(PATCH_SIZE * PATCHES);
  const bias = new Float32Array(PATCHES);
  for (let k = 0; k < PATCHES; k++) {
    let offset = -THRESHOLD;
    for (let j = 0; j < PATCH_SIZE; j++) {
      let sum = 0;
      for (let r = j; r < PATCH_SIZE; r++)
        sum += factor[r * PATCH_SIZE + j]! * centroids[k * PATCH_SIZE + r]!;
      kernel[j * PATCHES + k] = sum;
      offset -= sum * mean[j]!;
    }
    bias[k] = offset;
  }
  return { kernel, bias };
}

/** A transform that makes correlated numbers uncorrelated, with variance 1. */
interface Whitening {
  readonly mean: Float64Array;
  /** [size, size] lower triangle, row-major: `factor · (x − mean)` is white. */
  readonly factor: Float64Array;
}

/**
 * Measures the whitening of rows of `size` numbers: the inverse of the Cholesky factor of their covariance. It differs
 * from whitening by principal components in a rotation only, which does not change angles.
 *
 * @param ridge added to each variance, so that directions with almost no variance are not amplified
 */
export function measureWhitening(rows: Float32Array, size: number, ridge: number): Whitening {
  const n = rows.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size]! += rows[i]! / n;
  const covariance = new Float64Array(size * size);
  const centered = new Float64Array(size);
  for (let at = 0; at < rows.length; at += size) {
    for (let k = 0; k < size; k++) centered[k] = rows[at + k]! - mean[k]!;
    for (let r = 0; r < size; r++) {
      const value = centered[r]! / n;
      for (let c = 0, to = r * size; c <= r; c++, to++) covariance[to]! += value * centered[c]!;
    }
  }
  const symmetric = Matrix.zeros(size, size);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c <= r; c++) {
      const value = covariance[r * size + c]! + (r === c ? ridge : 0);
      symmetric.set(r, c, value);
      symmetric.set(c, r, value);
    }
  }
  const { lowerTriangularMatrix } = new CholeskyDecomposition(symmetric);
  return { mean, factor: Float64Array.from(inverse(lowerTriangularMatrix).to1DArray()) };
}

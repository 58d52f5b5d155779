import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { Dropout } from '../../src/model/kinds/baselines/architecture.ts';
import type { Random } from '../train/random.ts';

/**
 * Dropout with masks that are reproducible from a seed. Masks are slices of one random pool at random offsets, because
 * drawing new ones takes longer than the rest of the training.
 */
export class DropoutPool {
  readonly #tf: Tf;
  readonly #random: Random;
  readonly #share: number;
  #pool: Tensor1D | undefined;

  /** @param share of the values to drop, 0 … 1 */
  constructor(tf: Tf, random: Random, share: number) {
    this.#tf = tf;
    this.#random = random;
    this.#share = share;
  }

  readonly drop: Dropout = (x) => {
    const tf = this.#tf;
    if (this.#share === 0) return x;
    const pool = this.#atLeast(2 * x.size);
    const from = this.#random.below(pool.size - x.size);
    return tf.mul(x, tf.reshape(tf.slice1d(pool, from, x.size), x.shape)) as typeof x;
  };

  #atLeast(size: number): Tensor1D {
    if (this.#pool && this.#pool.size >= size) return this.#pool;
    this.#pool?.dispose();
    const kept = 1 / (1 - this.#share);
    const values = Float32Array.from({ length: size }, () => (this.#random.chance(this.#share) ? 0 : kept));
    this.#pool = this.#tf.keep(this.#tf.tensor1d(values));
    return this.#pool;
  }

  dispose(): void {
    this.#pool?.dispose();
  }
}

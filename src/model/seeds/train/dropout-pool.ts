import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';
import type { Dropout } from '../../kinds/baselines/architecture.ts';
import type { Random } from '../../train/random.ts';

/**
 * Random masks that a seed repeats: drawn once, then read from random places, as drawing takes longer than what the
 * masks are for.
 */
export class DropoutPool {
  readonly #tf: Tf;
  readonly #random: Random;
  readonly #share: number;
  #pool: Tensor1D | undefined;

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

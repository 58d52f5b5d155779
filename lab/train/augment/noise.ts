import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../src/model/engine.ts';
import type { Random } from '../random.ts';

export interface NoiseOptions {
  /** Share of inputs that is dropped. */
  readonly inputDropout: number;
  /** Share of features, and of memory on its way to the heads, that is dropped. */
  readonly dropout: number;
  /** Standard deviation of noise on the standardised inputs. */
  readonly inputNoise: number;
  /**
   * Whether noise and what is dropped stay the same at all steps of a stream (Gal & Ghahramani 2016): noise
   * that changes from step to step is averaged out by the memory.
   */
  readonly steadyNoise: boolean;
}

/** Random numbers that keep a network from learning its songs by heart, [rows, columns] with rows time-major. */
export class Noise {
  readonly #tf: Tf;
  readonly #random: Random;
  readonly #options: NoiseOptions;

  constructor(tf: Tf, random: Random, options: NoiseOptions) {
    this.#tf = tf;
    this.#random = random;
    this.#options = options;
  }

  /** Standardised inputs with noise, some of them dropped. */
  disturb(z: Tensor2D, streams: number): Tensor2D {
    const { inputNoise, inputDropout } = this.#options;
    const noise = this.#draw(...z.shape, streams, () => inputNoise * this.#random.normal());
    return this.#tf.mul(this.#tf.add(z, noise), this.#mask(...z.shape, streams, inputDropout));
  }

  /** What features or memory are multiplied by: 0 where they are dropped. */
  dropout(rows: number, columns: number, streams: number): Tensor2D {
    return this.#mask(rows, columns, streams, this.#options.dropout);
  }

  #mask(rows: number, columns: number, streams: number, share: number): Tensor2D {
    const kept = 1 / (1 - share);
    return this.#draw(rows, columns, streams, () => (this.#random.chance(share) ? 0 : kept));
  }

  /** For each step its own numbers, or the same ones at all steps of a stream. */
  #draw(rows: number, columns: number, streams: number, next: () => number): Tensor2D {
    const tf = this.#tf;
    const drawn = this.#options.steadyNoise ? streams : rows;
    const numbers = tf.tensor2d(Float32Array.from({ length: drawn * columns }, next), [drawn, columns]);
    return drawn === rows ? numbers : tf.tile(numbers, [rows / drawn, 1]);
  }
}

import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../src/model/engine.ts';
import type { Random } from '../random.ts';

export interface NoiseOptions {
  /** Share of inputs that is dropped. */
  readonly inputDropout: number;
  /** Share that is dropped of the features, and of the LSTM's output on its way to the heads. */
  readonly dropout: number;
  /** Standard deviation of noise on the standardized inputs. */
  readonly inputNoise: number;
  /**
   * Whether noise and dropout masks stay the same at all steps of a stream (Gal & Ghahramani 2016): the LSTM averages
   * out noise that changes from step to step.
   */
  readonly steadyNoise: boolean;
}

/** Input noise and dropout masks against overfitting, [rows, columns] with rows time-major. */
export class Noise {
  readonly #tf: Tf;
  readonly #random: Random;
  readonly #options: NoiseOptions;

  constructor(tf: Tf, random: Random, options: NoiseOptions) {
    this.#tf = tf;
    this.#random = random;
    this.#options = options;
  }

  /** Adds noise to standardized inputs, then drops some of them. */
  disturb(z: Tensor2D, streams: number): Tensor2D {
    const { inputNoise, inputDropout } = this.#options;
    const noise = this.#draw(...z.shape, streams, () => inputNoise * this.#random.normal());
    return this.#tf.mul(this.#tf.add(z, noise), this.#mask(...z.shape, streams, inputDropout));
  }

  /** A dropout mask: 0 where a value is dropped, else 1 / (1 − dropout). */
  dropout(rows: number, columns: number, streams: number): Tensor2D {
    return this.#mask(rows, columns, streams, this.#options.dropout);
  }

  #mask(rows: number, columns: number, streams: number, share: number): Tensor2D {
    const kept = 1 / (1 - share);
    return this.#draw(rows, columns, streams, () => (this.#random.chance(share) ? 0 : kept));
  }

  /** Draws numbers for each step, or with `steadyNoise` once for all steps of a stream. */
  #draw(rows: number, columns: number, streams: number, next: () => number): Tensor2D {
    const tf = this.#tf;
    const drawn = this.#options.steadyNoise ? streams : rows;
    const numbers = tf.tensor2d(Float32Array.from({ length: drawn * columns }, next), [drawn, columns]);
    return drawn === rows ? numbers : tf.tile(numbers, [rows / drawn, 1]);
  }
}

import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../engine.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019) and a clipped gradient norm. Own code, as
 * the optimiser of TensorFlow.js has neither, nor a learning rate that may change.
 */
export class AdamW {
  readonly #tf: Tf;
  readonly #variables: Readonly<Record<string, Variable>>;
  readonly #first: Record<string, Variable> = {};
  readonly #second: Record<string, Variable> = {};
  readonly #decay: number;
  readonly #maxNorm: number;
  #steps = 0;

  constructor(
    tf: Tf,
    variables: Readonly<Record<string, Variable>>,
    options: { readonly decay: number; readonly maxNorm: number },
  ) {
    this.#tf = tf;
    this.#variables = variables;
    this.#decay = options.decay;
    this.#maxNorm = options.maxNorm;
    for (const [name, variable] of Object.entries(variables)) {
      this.#first[name] = tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
      this.#second[name] = tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    }
  }

  apply(gradients: Readonly<Record<string, Tensor>>, learningRate: number): void {
    const tf = this.#tf;
    this.#steps++;
    // Both moments begin at 0 and are scaled up for it while they fill.
    const rate = (learningRate * Math.sqrt(1 - BETA2 ** this.#steps)) / (1 - BETA1 ** this.#steps);
    tf.tidy(() => {
      const norm = tf.sqrt(tf.addN(Object.values(gradients).map((g) => tf.sum(tf.square(g)))));
      const scale = tf.minimum(1, tf.div(this.#maxNorm, tf.add(norm, EPSILON)));
      for (const [name, variable] of Object.entries(this.#variables)) {
        const g = tf.mul(gradients[name]!, scale);
        const first = this.#first[name]!;
        const second = this.#second[name]!;
        first.assign(tf.add(tf.mul(first, BETA1), tf.mul(g, 1 - BETA1)));
        second.assign(tf.add(tf.mul(second, BETA2), tf.mul(tf.square(g), 1 - BETA2)));
        const kept = name.endsWith('bias') ? 1 : 1 - learningRate * this.#decay;
        const change = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), EPSILON));
        variable.assign(tf.sub(tf.mul(variable, kept), change));
      }
    });
  }

  dispose(): void {
    this.#tf.dispose(this.#first as NamedTensorMap);
    this.#tf.dispose(this.#second as NamedTensorMap);
  }
}

import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';
import { assignValues, valuesOf } from './variables.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

export interface AdamWOptions {
  /** Decoupled weight decay: the share of each kernel that is subtracted per batch, times the learning rate. */
  readonly decay: number;
  /** L2 penalty: weight of half the squared kernels in the loss. Unlike `decay` it goes through Adam's moments. */
  readonly l2: number;
  /** Largest norm of the gradient over all variables; larger ones are scaled down to it. */
  readonly maxNorm: number;
}

/** The state of an AdamW as plain arrays, independent of any engine. */
export interface AdamWState {
  readonly steps: number;
  readonly first: Weights;
  readonly second: Weights;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019) and gradient clipping. The optimizer of TensorFlow.js has
 * neither, nor a learning rate that can change, nor a state that can be saved on every engine. Biases are neither
 * decayed nor penalized.
 */
export class AdamW {
  readonly #tf: Tf;
  readonly #variables: Readonly<Record<string, Variable>>;
  readonly #first: Record<string, Variable> = {};
  readonly #second: Record<string, Variable> = {};
  readonly #options: AdamWOptions;
  #steps = 0;

  constructor(tf: Tf, variables: Readonly<Record<string, Variable>>, options: AdamWOptions) {
    this.#tf = tf;
    this.#variables = variables;
    this.#options = options;
    for (const [name, variable] of Object.entries(variables)) {
      this.#first[name] = tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
      this.#second[name] = tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    }
  }

  apply(gradients: Readonly<Record<string, Tensor>>, learningRate: number): void {
    const tf = this.#tf;
    const { decay, l2, maxNorm } = this.#options;
    this.#steps++;
    // Bias correction: both moments start at 0.
    const rate = (learningRate * Math.sqrt(1 - BETA2 ** this.#steps)) / (1 - BETA1 ** this.#steps);
    tf.tidy(() => {
      const total = Object.entries(this.#variables).map(([name, variable]) => {
        const gradient = gradients[name]!;
        return l2 > 0 && isKernel(name) ? tf.add(gradient, tf.mul(l2, variable)) : gradient;
      });
      const norm = tf.sqrt(tf.addN(total.map((g) => tf.sum(tf.square(g)))));
      const scale = tf.minimum(1, tf.div(maxNorm, tf.add(norm, EPSILON)));
      for (const [i, [name, variable]] of Object.entries(this.#variables).entries()) {
        const g = tf.mul(total[i]!, scale);
        const first = this.#first[name]!;
        const second = this.#second[name]!;
        first.assign(tf.add(tf.mul(first, BETA1), tf.mul(g, 1 - BETA1)));
        second.assign(tf.add(tf.mul(second, BETA2), tf.mul(tf.square(g), 1 - BETA2)));
        const kept = isKernel(name) ? 1 - learningRate * decay : 1;
        const change = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), EPSILON));
        variable.assign(tf.sub(tf.mul(variable, kept), change));
      }
    });
  }

  get state(): AdamWState {
    return { steps: this.#steps, first: valuesOf(this.#first), second: valuesOf(this.#second) };
  }

  /** Restores the state of another AdamW with the same variables. */
  set state({ steps, first, second }: AdamWState) {
    this.#steps = steps;
    assignValues(this.#tf, this.#first, first);
    assignValues(this.#tf, this.#second, second);
  }

  dispose(): void {
    this.#tf.dispose(this.#first as NamedTensorMap);
    this.#tf.dispose(this.#second as NamedTensorMap);
  }
}

function isKernel(name: string): boolean {
  return !name.endsWith('bias');
}
